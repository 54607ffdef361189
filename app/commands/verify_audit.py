"""`flask verify-audit`: does the chain of the audit still hold? Exit code 1 when it does not."""

import click

from app import clock
from app.db import transaction
from app.domain.audit_chain import Break
from services.audit_chain import verify


@click.command("verify-audit")
def verify_audit() -> None:
    """核对审计链，指出第一条不符或缺失的记录。"""
    with transaction():
        found = verify(at=clock.real())
    if isinstance(found, Break):
        named = f"（编号 {found.entry_id}）" if found.entry_id else ""
        click.echo(f"审计链第 {found.seq} 条{named}：{found.reason}")
        raise SystemExit(1)
    click.echo(f"审计链完好，至第 {found.seq} 条，校验值 {found.hash.hex()}。")
