"""导入批次: the life of one workbook, from the upload to the verdicts.

queued → running → done | failed, and from there rolling_back → rolled_back. One batch is worked at
a time, under a lease, chunk by chunk in transactions of their own; an interrupted one goes on where
it stopped. `attempts` fences: a worker that lost its lease stores nothing more.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict
from app.models.import_batch import ImportBatch
from services import audit
from services.directory.organisations import get_unit
from services.imports.columns import COLUMNS
from services.imports.parts import drop_parts, keep_parts
from services.imports.refusals import workbook_refused
from services.imports.sheets import open_register

CLAIMING = "claim of an import"
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
WAITING = ("queued", "running", "rolling_back")
AT_WORK = ("running", "rolling_back")
INTERRUPTED = "处理多次中断，已停止。可撤销这一批次已写入的行，再重新上传。"


@dataclass(frozen=True, slots=True)
class Upload:
    """A workbook as it was handed in. `kind` is a key of `COLUMNS`."""

    kind: str
    filename: str
    content: bytes
    is_dry_run: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch that the holder may work, or take back, until the lease ends."""

    batch_id: int
    attempt: int
    is_rollback: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch has come: rows by verdict, and the line on the sheet of the last one."""

    counts: Mapping[str, int]
    stored_row: int


def queue_batch(actor: Actor, upload: Upload) -> int:
    """Take a workbook in; answers the number of the batch. Raises `InvalidInput` for a bad file."""
    file = BytesIO(upload.content)
    with open_register(file, COLUMNS[upload.kind], upload.filename) as sheet:
        if next(sheet.rows, None) is None:
            raise workbook_refused("no-rows", "表头下面没有内容。")
        headings, total = sheet.headings, sheet.expected_rows
        notes = [f"已忽略无法识别的列：{'、'.join(sheet.ignored)}"] if sheet.ignored else []
    batch = ImportBatch(
        kind=upload.kind,
        filename=upload.filename[-200:],
        digest=hashlib.sha256(upload.content).hexdigest(),
        headings=list(headings),
        notes=notes,
        total=total,
        is_dry_run=upload.is_dry_run,
        area_prefix=_scope(actor),
        account_id=actor.account_id,
        organisation_id=actor.organisation_id,
    )
    db.session.add(batch)
    db.session.flush()
    keep_parts(batch.id, upload.content)
    facts = {"kind": batch.kind, "digest": batch.digest, "is_dry_run": batch.is_dry_run}
    audit.record(actor, "import_register", f"import_batch:{batch.id}", facts)
    return batch.id


def claim_batch(*, at: datetime) -> Claim | None:
    """Take the oldest batch that waits or whose worker went silent; None when there is none.

    None also while another one is being worked. `at` is real time. A batch that was interrupted
    too often is given up.
    """
    if _is_busy(at):
        return None
    waiting = sa.select(ImportBatch).where(ImportBatch.state.in_(WAITING))
    for batch in db.session.scalars(waiting.order_by(ImportBatch.id).with_for_update()):
        if batch.attempts < MAX_ATTEMPTS:
            return _claim(batch, at)
        _fail(batch, INTERRUPTED, at)
    return None


def claim_this(batch_id: int, *, at: datetime) -> Claim:
    """Take one batch that waits, to work it here and now. `at` is real time.

    Raises `Conflict` when it is taken, or another one is being worked.
    """
    if _is_busy(at):
        raise Conflict("另一份登记表正在导入，请稍后再试。")
    waiting = ImportBatch.id == batch_id, ImportBatch.state.in_(("queued", "rolling_back"))
    batch = db.session.scalar(sa.select(ImportBatch).where(*waiting).with_for_update())
    if batch is None:
        raise Conflict("这一批次已经处理。")
    return _claim(batch, at)


def report_progress(claim: Claim, progress: Progress, *, at: datetime) -> None:
    """A chunk is stored, in the same transaction, and the lease begins anew. `at` is real time.

    Raises `Conflict` without the lease.
    """
    _hold(
        claim,
        processed=sum(progress.counts.values()),
        counts=dict(progress.counts),
        stored_row=progress.stored_row,
        leased_until=at + LEASE,
    )


def finish_batch(claim: Claim, notes: Sequence[str], *, at: datetime) -> None:
    """Every row is stored. Raises `Conflict` without the lease."""
    _hold(
        claim,
        state="done",
        total=ImportBatch.processed,
        notes=ImportBatch.notes.op("||")(sa.cast(list(notes), ImportBatch.notes.type)),
        leased_until=None,
        finished_at=at,
    )
    drop_parts(claim.batch_id)


def fail_batch(claim: Claim, reason: str, *, at: datetime) -> bool:
    """The batch came to nothing; `reason` is for people. Nothing happens without the lease.

    What was stored before the file proved bad must go again: answers whether it is to be rolled
    back first.
    """
    batch = db.session.scalar(
        sa.select(ImportBatch).where(*_claimed(claim)).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if batch is None:
        return False
    if batch.stored_row and not batch.is_dry_run:
        batch.state, batch.failure = "rolling_back", reason
        batch.leased_until, batch.attempts = None, 0
        db.session.flush()
        return True
    _fail(batch, reason, at)
    return False


def hold_rollback(claim: Claim, undone: Mapping[str, int], *, at: datetime) -> None:
    """A chunk is taken back, in the same transaction. Raises `Conflict` without the lease."""
    _hold(claim, undone=dict(undone), leased_until=at + LEASE)


def finish_rollback(claim: Claim, *, at: datetime) -> None:
    """Everything is taken back that could be. Raises `Conflict` without the lease.

    A file that was refused on the way has failed; any other batch is rolled back.
    """
    refused = ImportBatch.failure.is_not(None)
    _hold(
        claim,
        state=sa.case((refused, "failed"), else_="rolled_back"),
        stored_row=0,
        leased_until=None,
        finished_at=sa.func.coalesce(ImportBatch.finished_at, at),
    )
    drop_parts(claim.batch_id)


def _is_busy(at: datetime) -> bool:
    """Whether a batch is being worked. Claims wait for each other: two cannot both see none."""
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(CLAIMING))))
    running = ImportBatch.state.in_(AT_WORK), ImportBatch.leased_until > at
    return bool(db.session.scalar(sa.select(sa.exists().where(*running))))


def _claim(batch: ImportBatch, at: datetime) -> Claim:
    is_rollback = batch.state == "rolling_back"
    batch.state = batch.state if is_rollback else "running"
    batch.leased_until, batch.attempts = at + LEASE, batch.attempts + 1
    db.session.flush()
    return Claim(batch.id, batch.attempts, is_rollback)


def _fail(batch: ImportBatch, reason: str, at: datetime) -> None:
    batch.state, batch.failure = "failed", reason
    batch.leased_until, batch.finished_at = None, at
    db.session.flush()
    drop_parts(batch.id)


def _hold(claim: Claim, **values: Any) -> None:
    held = sa.update(ImportBatch).where(*_claimed(claim)).values(**values)
    if not db.session.execute(held.returning(ImportBatch.id)).all():
        raise Conflict("这一批次已由另一个进程接手。")


def _claimed(claim: Claim) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        ImportBatch.id == claim.batch_id,
        ImportBatch.state == ("rolling_back" if claim.is_rollback else "running"),
        ImportBatch.attempts == claim.attempt,
    )


def _scope(actor: Actor) -> str:
    """The prefix within which the actor may report: the own area, else that of the own unit."""
    if actor.area_prefix is not None or actor.organisation_id is None:
        return actor.area_prefix or ""
    return get_unit(actor.organisation_id).area_prefix
