"""`flask import housekeepers|enterprises FILE`: the register from a workbook, at the console."""

from dataclasses import dataclass
from pathlib import Path

import click
from flask.cli import AppGroup

from app import clock
from app.commands.telling import told
from app.db import transaction
from app.domain.actor import Actor, Role
from app.domain.keyset import Page
from services.directory.organisations import find_units
from services.imports.batches import Upload, claim_this, queue_batch
from services.imports.error_workbook import write_error_workbook
from services.imports.judgement import Verdict
from services.imports.results import RowFilter, get_report, list_rows
from services.imports.turns import take_turn

SHOWN = 20
LABELS = {
    Verdict.OK: "通过",
    Verdict.PENDING: "待补代码",
    Verdict.ERROR: "有误",
    Verdict.CONFLICT: "冲突",
}

import_register = AppGroup("import", help="从工作簿导入管家名册或企业登记。")


@dataclass(frozen=True, slots=True)
class Named:
    """A file at the console. It is read when it is taken in, and not held while it is worked."""

    kind: str
    path: Path
    is_dry_run: bool

    def upload(self) -> Upload:
        return Upload(self.kind, self.path.name, self.path.read_bytes(), self.is_dry_run)


workbook_file = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
)
dry_run_option = click.option("--dry-run", "is_dry_run", is_flag=True, help="只检查，不写入。")
authority_option = click.option("--authority", help="由哪个单位报送（单位名称）。")
errors_option = click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="把有误的行写入这个工作簿。"
)


@import_register.command("housekeepers", help="导入管家名册。")
@workbook_file
@dry_run_option
@authority_option
@errors_option
def import_housekeepers(
    file: Path, authority: str | None, errors: Path | None, *, is_dry_run: bool
) -> None:
    """Bring in the roster; do this before the enterprises, which name their housekeepers."""
    _import(Named("housekeepers", file, is_dry_run), authority, errors)


@import_register.command("enterprises", help="导入企业登记。")
@workbook_file
@dry_run_option
@authority_option
@errors_option
def import_enterprises(
    file: Path, authority: str | None, errors: Path | None, *, is_dry_run: bool
) -> None:
    """Bring in the enterprises and pair them with their housekeepers."""
    _import(Named("enterprises", file, is_dry_run), authority, errors)


def _import(named: Named, authority: str | None, errors: Path | None) -> None:
    actor = _actor(authority)
    with told():
        with transaction():
            batch_id = queue_batch(actor, named.upload())
        _work(batch_id)
    _show(actor, batch_id)
    if errors:
        errors.write_bytes(write_error_workbook(actor, batch_id))
        click.echo(f"有误的行已写入 {errors}")


def _actor(authority: str | None) -> Actor:
    unit = find_units([authority]).get(authority) if authority else None
    if authority and unit is None:
        raise click.ClickException(f"没有名为“{authority}”的单位。")
    return Actor(
        role=Role.REGISTER_OFFICER,
        name="命令行",
        organisation_id=unit.id if unit else None,
        area_prefix="",
    )


def _work(batch_id: int) -> None:
    with transaction():
        claim = claim_this(batch_id, at=clock.real())
    take_turn(claim, at=clock.now(), edge=transaction)


def _show(actor: Actor, batch_id: int) -> None:
    report = get_report(actor, batch_id)
    counts = "，".join(f"{LABELS[verdict]} {report.counts[verdict]}" for verdict in Verdict)
    click.echo(f"批次 {report.id}：共 {report.total} 行，{counts}")
    for note in report.notes:
        click.echo(note)
    for verdict in (Verdict.ERROR, Verdict.CONFLICT):
        rows, _ = list_rows(actor, batch_id, RowFilter(verdict), Page(SHOWN))
        for row in rows:
            click.echo(f"  第 {row.row} 行 {row.name}：{row.reason}")
        if report.counts[verdict] > SHOWN:
            click.echo(f"  …… 另有 {report.counts[verdict] - SHOWN} 行{LABELS[verdict]}")
