"""`flask areas …`: the yearly changes of area codes, and what waits for a decision after them."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app import clock
from app.commands.telling import told
from app.db import end_transaction, transaction
from services.area_changes.apply import Outcome, apply_changes
from services.area_changes.mapping_file import read_mapping
from services.area_changes.moving import Undecided, undecided

areas = AppGroup("areas", help="行政区划及其调整。")


@areas.command("apply", help="按对照表（CSV）实施区划调整；重复执行无妨。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查并列出结果，不作更改。")
def apply(file: Path, *, dry_run: bool) -> None:
    """Work a mapping file; tell what was moved and what waits for a person."""
    with told(), transaction():
        outcome = apply_changes(read_mapping(file.read_bytes()), at=clock.now())
        if dry_run:
            end_transaction()
    _tell(outcome)
    click.echo("仅检查，未作更改。" if dry_run else "已实施。")


@areas.command("undecided", help="列出仍用已撤销区划代码、须人工确定去向的对象。")
def list_undecided() -> None:
    """One line for each thing in force under an ended code."""
    with transaction():
        waiting = undecided(at=clock.now())
    _tell_undecided(waiting)


def _tell(outcome: Outcome) -> None:
    click.echo(f"调整 {outcome.changes} 条，新区划 {outcome.made} 个，撤销 {outcome.ended} 个。")
    for kind, count in outcome.moved.items():
        click.echo(f"改码 {kind}：{count}")
    _tell_undecided(outcome.undecided)


def _tell_undecided(waiting: list[Undecided]) -> None:
    for one in waiting:
        choices = "、".join(one.choices) or "无"
        click.echo(f"待定 {one.kind} {one.id} {one.name}：{one.area_code} → {choices}")
    click.echo(f"待定共 {len(waiting)} 项。")
