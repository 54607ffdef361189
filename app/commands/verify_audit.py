"""`flask verify-audit`: does the chain of the audit still hold? Exit code 1 when it does not."""

import click
from flask import current_app

from app import clock
from app.db import transaction
from app.domain.audit_chain import Break
from services.audit_archive import verify_archives
from services.audit_chain import verify
from services.gateways.file_store import FileStore


@click.command("verify-audit")
@click.option("--archives", "with_archives", is_flag=True, help="连同已归档的文件一起核对")
def verify_audit(*, with_archives: bool) -> None:
    """核对审计链，指出第一条不符或缺失的记录。"""
    if with_archives:
        _verify_files()
    with transaction():
        found = verify(at=clock.real())
    if isinstance(found, Break):
        _give_up("审计链", found)
    else:
        click.echo(f"审计链完好，至第 {found.seq} 条，校验值 {found.hash.hex()}。")


def _verify_files() -> None:
    files = FileStore(current_app.config["SETTINGS"].file_store)
    archives = verify_archives(files)
    for archive in archives:
        if isinstance(archive.found, Break):
            _give_up(f"从第 {archive.first_seq} 条开始的归档", archive.found)
    click.echo(f"{len(archives)} 份归档完好。")


def _give_up(place: str, found: Break) -> None:
    named = f"（编号 {found.entry_id}）" if found.entry_id else ""
    click.echo(f"{place}第 {found.seq} 条{named}：{found.reason}")
    raise SystemExit(1)
