"""What the database is asked, heard where SQLAlchemy hands it to the driver."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from app.db import db


@contextmanager
def heard() -> Iterator[list[str]]:
    """The texts of all statements from here on, savepoints among them."""
    texts: list[str] = []

    def note(_cursor, statement: str, *_: object) -> None:
        texts.append(statement)

    dialect = db.engines[None].dialect
    sa.event.listen(dialect, "do_execute", note)
    # In front of the product's own watcher, behind which nothing is heard any more.
    dialect.dispatch.do_execute.listeners.rotate(1)
    try:
        yield texts
    finally:
        sa.event.remove(dialect, "do_execute", note)
