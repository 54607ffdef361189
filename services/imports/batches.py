"""导入批次: the life of one workbook, from the upload to the verdicts.

queued → running → done | failed. One batch runs at a time, under a lease and in one transaction;
meanwhile progress is written beside it, so that it can be watched. `attempts` fences: a worker that
lost its lease to another can no longer finish.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

import sqlalchemy as sa

from app.db import db, separate_transaction
from app.domain.actor import Actor
from app.domain.errors import Conflict
from app.models.import_batch import ImportBatch
from app.sealing import seal, unseal
from services import audit
from services.directory.organisations import get_unit
from services.imports.columns import COLUMNS
from services.imports.refusals import workbook_refused
from services.imports.sheets import open_register

CLAIMING = "claim of an import"
WORKBOOK_COLUMN = "import_batches.workbook"
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
INTERRUPTED = "处理多次中断，未导入任何内容，请联系管理员。"


@dataclass(frozen=True, slots=True)
class Upload:
    """A workbook as it was handed in. `kind` is a key of `COLUMNS`."""

    kind: str
    filename: str
    content: bytes
    is_dry_run: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch that the holder may work until the lease ends."""

    batch_id: int
    attempt: int


def queue_batch(actor: Actor, upload: Upload) -> int:
    """Take a workbook in; answers the number of the batch. Raises `InvalidInput` for a bad file."""
    file = BytesIO(upload.content)
    with open_register(file, COLUMNS[upload.kind]) as sheet:
        if next(sheet.rows, None) is None:
            raise workbook_refused("no-rows", "表头下面没有内容。")
        headings, total = sheet.headings, sheet.expected_rows
        notes = [f"已忽略无法识别的列：{'、'.join(sheet.ignored)}"] if sheet.ignored else []
    batch = ImportBatch(
        kind=upload.kind,
        filename=upload.filename[-200:],
        digest=hashlib.sha256(upload.content).hexdigest(),
        workbook=seal(base64.b64encode(upload.content).decode(), WORKBOOK_COLUMN),
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
    waiting = sa.select(ImportBatch).where(ImportBatch.state.in_(("queued", "running")))
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
    waiting = ImportBatch.id == batch_id, ImportBatch.state == "queued"
    batch = db.session.scalar(sa.select(ImportBatch).where(*waiting).with_for_update())
    if batch is None:
        raise Conflict("这一批次已经处理。")
    return _claim(batch, at)


def open_workbook(batch: ImportBatch) -> BytesIO:
    """The uploaded file of a batch that has not been worked yet."""
    if batch.workbook is None:
        raise Conflict("这一批次已经处理。")
    return BytesIO(base64.b64decode(unseal(batch.workbook, WORKBOOK_COLUMN)))


def report_progress(claim: Claim, processed: int, *, at: datetime) -> None:
    """Let others see how far the work has come, and hold the lease. `at` is real time."""
    with separate_transaction() as session:
        session.execute(_claimed(claim).values(processed=processed, leased_until=at + LEASE))


def finish_batch(
    claim: Claim, counts: Mapping[str, int], notes: Sequence[str], *, at: datetime
) -> None:
    """The batch is done, together with the work around it. Raises `Conflict` without the lease."""
    total = sum(counts.values())
    finished = _claimed(claim).values(
        state="done",
        total=total,
        processed=total,
        counts=dict(counts),
        notes=ImportBatch.notes.op("||")(sa.cast(list(notes), ImportBatch.notes.type)),
        workbook=None,
        leased_until=None,
        finished_at=at,
    )
    if not db.session.execute(finished.returning(ImportBatch.id)).all():
        raise Conflict("这一批次已由另一个进程接手。")


def fail_batch(claim: Claim, reason: str, *, at: datetime) -> None:
    """The batch came to nothing; `reason` is for people. Nothing happens without the lease."""
    db.session.execute(
        _claimed(claim).values(
            state="failed", failure=reason, workbook=None, leased_until=None, finished_at=at
        )
    )


def _is_busy(at: datetime) -> bool:
    """Whether a batch is being worked. Claims wait for each other: two cannot both see none."""
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(CLAIMING))))
    running = ImportBatch.state == "running", ImportBatch.leased_until > at
    return bool(db.session.scalar(sa.select(sa.exists().where(*running))))


def _claim(batch: ImportBatch, at: datetime) -> Claim:
    batch.state, batch.leased_until = "running", at + LEASE
    batch.processed, batch.attempts = 0, batch.attempts + 1
    db.session.flush()
    return Claim(batch.id, batch.attempts)


def _fail(batch: ImportBatch, reason: str, at: datetime) -> None:
    batch.state, batch.failure, batch.workbook = "failed", reason, None
    batch.leased_until, batch.finished_at = None, at
    db.session.flush()


def _claimed(claim: Claim) -> sa.Update:
    return sa.update(ImportBatch).where(
        ImportBatch.id == claim.batch_id,
        ImportBatch.state == "running",
        ImportBatch.attempts == claim.attempt,
    )


def _scope(actor: Actor) -> str:
    """The prefix within which the actor may report: the own area, else that of the own unit."""
    if actor.area_prefix is not None or actor.organisation_id is None:
        return actor.area_prefix or ""
    return get_unit(actor.organisation_id).area_prefix
