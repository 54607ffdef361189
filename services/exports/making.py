"""导出的生成: what its maker may see at the moment of making, under a lease.

A worker that dies leaves the export to the next one; `attempts` fences.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, separate_transaction
from app.domain.actor import Actor, Role, system
from app.domain.errors import Conflict, Refused
from app.domain.export_rules import MAX_ROWS, ExportKind
from app.models.account import Account, Membership
from app.models.export import Export
from app.sealing import seal
from services import audit
from services.exports.rows import Column, Source, columns_of, pages, reveal
from services.exports.workbook import Watermark, write_workbook
from services.gateways.file_store import FileStore

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
INTERRUPTED = "生成多次中断，请重新申请或联系管理员。"
FILE_COLUMN = "exports.file"
JOB = "make_exports"


class MakerGone(Refused):
    """申请人已停用或不再具有申请时的身份，未生成文件。"""

    code = "maker-gone"


class TooManyRows(Refused):
    """超过一次导出的行数上限，请缩小范围。"""

    code = "too-many-rows"


@dataclass(frozen=True, slots=True)
class Claim:
    """An export that the holder may make until the lease ends."""

    export_id: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook, and how many rows it has below the headings."""

    content: bytes
    rows: int


def claim_export(*, at: datetime) -> Claim | None:
    """Take the oldest export that waits or whose worker went silent. `at` is real time.

    One that was interrupted too often is given up.
    """
    free = sa.or_(Export.state == "queued", Export.leased_until < at)
    waiting = sa.select(Export).where(Export.state.in_(("queued", "running")), free)
    query = waiting.order_by(Export.id).with_for_update(skip_locked=True)
    for export in db.session.scalars(query):
        if export.attempts < MAX_ATTEMPTS:
            export.state, export.leased_until = "running", at + LEASE
            export.attempts += 1
            db.session.flush()
            return Claim(export.id, export.attempts)
        export.state, export.failure = "failed", INTERRUPTED
        export.leased_until, export.finished_at = None, at
    return None


def make_workbook(claim: Claim, *, at: datetime) -> Made:
    """The workbook, with what its maker may see at `at`. Raises `MakerGone`, `TooManyRows`."""
    export = db.session.get_one(Export, claim.export_id)
    maker, kind = _maker(export, at=at), ExportKind(export.kind)
    columns = columns_of(kind, with_personal=export.with_personal)
    counted = _Counted(_rows(claim, export, maker, columns, at=at))
    mark = Watermark(maker.name, export.account_id, at, export.purpose)
    content = write_workbook(mark, [column.heading for column in columns], counted)
    return Made(content, counted.count)


def keep_workbook(claim: Claim, made: Made, files: FileStore, *, until: datetime) -> None:
    """Store the file, sealed, until `until`; the export is done.

    Raises `Conflict` without the lease.
    """
    key = files.put(seal(base64.b64encode(made.content).decode(), FILE_COLUMN))
    done = _claimed(claim).values(
        state="done",
        rows=made.rows,
        storage_key=key,
        size=len(made.content),
        sha256=hashlib.sha256(made.content).digest(),
        leased_until=None,
        finished_at=clock.now(),
        expires_at=until,
    )
    if not db.session.execute(done.returning(Export.id)).all():
        files.remove(key)
        raise Conflict("这份导出已由另一个进程接手。")
    facts = {"rows": made.rows, "size": len(made.content)}
    audit.record(system(JOB), "make_export", f"export:{claim.export_id}", facts)


def fail_export(claim: Claim, reason: str, *, at: datetime) -> None:
    """The export came to nothing; `reason` is for people."""
    db.session.execute(
        _claimed(claim).values(state="failed", failure=reason, leased_until=None, finished_at=at)
    )


class _Counted:
    """Rows on their way, counted."""

    def __init__(self, rows: Iterator[Sequence[Any]]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self._rows:
            self.count += 1
            if self.count > MAX_ROWS:
                raise TooManyRows
            yield row


def _rows(
    claim: Claim, export: Export, maker: Actor, columns: Sequence[Column], *, at: datetime
) -> Iterator[Sequence[Any]]:
    kind = ExportKind(export.kind)
    shown: Callable[[Any], Any] = (
        (lambda entries: reveal(kind, entries)) if export.with_personal else list
    )
    for entries in pages(maker, Source(kind, export.filters), at=at):
        _hold(claim)
        for entry in shown(entries):
            yield [column.of(entry) for column in columns]


def _hold(claim: Claim) -> None:
    """Keep the lease while the work goes on."""
    with separate_transaction() as session:
        session.execute(_claimed(claim).values(leased_until=clock.real() + LEASE))


def _claimed(claim: Claim) -> sa.Update:
    return sa.update(Export).where(
        Export.id == claim.export_id, Export.attempts == claim.attempt, Export.state == "running"
    )


def _maker(export: Export, *, at: datetime) -> Actor:
    """Who asked, in the membership of then, if that still stands."""
    query = (
        sa.select(Account.name, Membership)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.id == export.membership_id,
            Account.id == export.account_id,
            Account.is_enabled,
            Membership.valid_from <= at,
            sa.or_(Membership.valid_until.is_(None), Membership.valid_until > at),
        )
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise MakerGone
    standing: Membership = row.Membership
    return Actor(
        role=Role(standing.role),
        name=row.name,
        account_id=export.account_id,
        membership_id=standing.id,
        organisation_id=standing.organisation_id,
        area_prefix=standing.area_prefix,
    )
