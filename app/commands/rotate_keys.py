"""`flask rotate-keys`: what former keys sealed is sealed with the present one.

Safe to stop at any moment, to repeat, and beside the running product. `--check` changes nothing;
its exit code is 1 while something waits.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import click

from app import sealing
from app.db import transaction
from services.rotation import (
    BATCH,
    Batch,
    KeyUse,
    SealedTable,
    count_keys,
    rotate_batch,
    sealed_tables,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A batch of a table, committed."""

    table: str
    batch: Batch


@click.command("rotate-keys")
@click.option("--check", "is_check", is_flag=True, help="只查看各密钥还用在多少处，不改动。")
def rotate_keys(*, is_check: bool) -> None:
    """用现用密钥重新加密从前的密钥所加密的内容；可随时中断、重复执行。"""
    if not is_check:
        done: Counter[str] = Counter()
        for step in rotate():
            done[step.table] += step.batch.rotated
        for table, rows in done.items():
            click.echo(f"{table}：重新加密 {rows} 行")
    _tell_keys()


def rotate(*, size: int = BATCH) -> Iterator[Step]:
    """Work every table, each batch in a transaction of its own.

    A table is passed through until nothing is found: the next pass takes what somebody else held,
    or wrote with a former key, during this one.
    """
    for sealed in sealed_tables():
        rotated = 1
        while rotated:
            rotated = 0
            for batch in _pass(sealed, size):
                rotated += batch.rotated
                yield Step(sealed.table.name, batch)


def _pass(sealed: SealedTable, size: int) -> Iterator[Batch]:
    after = None
    while True:
        with transaction():
            batch = rotate_batch(sealed, after, size=size)
        if batch.last is None:
            return
        yield batch
        after = batch.last


def _tell_keys() -> None:
    """Say which key sealed how much; fail while anything is not of the present one."""
    uses = _uses()
    waiting = [use for use in uses if use.header != sealing.writing_header()]
    for use in uses:
        click.echo(f"{use.column}：{use.values} 处，{_named(use.header)}")
    lost = sum(use.values for use in waiting if not sealing.is_readable(use.header))
    if lost:
        click.echo(f"有 {lost} 处的密钥不在 DATA_KEY、DATA_KEYS_OLD 之中，无法解开。", err=True)
    if waiting:
        click.echo("从前的密钥仍在使用，请勿去掉；执行 flask rotate-keys 后再看。", err=True)
        raise SystemExit(1)
    click.echo("所有内容都由现用密钥加密，DATA_KEYS_OLD 可以清空。")


def _uses() -> list[KeyUse]:
    with transaction():
        return [use for sealed in sealed_tables() for use in count_keys(sealed)]


def _named(header: bytes) -> str:
    if header == sealing.writing_header():
        return f"现用密钥 {header.hex()}"
    if header == bytes([sealing.WITHOUT_ID]):
        return "未编号的密钥（旧格式）"
    return f"{'从前的' if sealing.is_readable(header) else '未知的'}密钥 {header.hex()}"
