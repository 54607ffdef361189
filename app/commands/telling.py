"""What goes wrong, in one sentence on the console."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.domain.errors import DomainError


@contextmanager
def told() -> Iterator[None]:
    """Errors of the product become one sentence on the console."""
    try:
        yield
    except DomainError as error:
        raise click.ClickException(error.detail) from error
