"""`flask seed`: load the reference data that ships with the product. Safe to repeat."""

import click

from app.db import transaction
from app.seed import reference


@click.command()
def seed() -> None:
    """载入区划、工作日历、时限标准和诉求类别。"""
    with transaction():
        for name, count in reference.load().items():
            click.echo(f"{name}：新增 {count}")
