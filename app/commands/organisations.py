"""`flask organisations …`: units from the console, and confirming those a workbook brought."""

import click
from flask.cli import AppGroup

from app.commands.telling import told
from app.db import transaction
from app.models.organisation import KINDS
from services.directory.organisations import NewUnit, add_unit, confirm_unit

organisations = AppGroup("organisations", help="单位。")


@organisations.command("add", help="登记一个已确认的单位。")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default="department", help="单位性质。")
@click.option("--area", help="12 位区划代码；垂直管理单位可不填。")
@click.option("--phone", help="办公电话。")
def add(name: str, kind: str, area: str | None, phone: str | None) -> None:
    """Add a confirmed unit."""
    with told(), transaction():
        add_unit(NewUnit(name, kind, area, phone))
    click.echo(f"已登记 {name}。")


@organisations.command("confirm", help="确认导入时出现的单位；其报送的结对此后直接生效。")
@click.argument("name")
def confirm(name: str) -> None:
    """Confirm a unit that an import created."""
    with told(), transaction():
        confirm_unit(name)
    click.echo(f"已确认 {name}。")
