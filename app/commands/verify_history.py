"""`flask verify-history`: does every ticket's history still hold? Exit code 1 when one does not."""

import click

from services.tickets.history import verify_histories


@click.command("verify-history")
def verify_history() -> None:
    """逐件核对诉求的事件链，指出第一条不符的事件。"""
    checked, broken = 0, 0
    for verdict in verify_histories():
        checked += 1
        if verdict.broken_seq is not None:
            broken += 1
            click.echo(f"{verdict.number} 第 {verdict.broken_seq} 条事件：{verdict.reason}")
    click.echo(f"核对 {checked} 件诉求，{broken} 件不符。")
    if broken:
        raise SystemExit(1)
