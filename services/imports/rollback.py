"""回滚: taking a batch back. What nobody has changed since becomes as it was; the rest is told."""

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict, NotFound
from app.models.import_batch import ImportBatch, ImportChange, ImportRow
from app.models.register_conflict import RegisterConflict
from services import audit
from services.imports.batches import Claim, finish_rollback, hold_rollback
from services.imports.images import MODELS, PAIRINGS, among, restore
from services.imports.untouched import in_use, take_pairings_back, without_pairings
from services.imports.working import Edge
from services.visibility.register import visible_imports

CHUNK = 500
KEPT_FOR = timedelta(days=30)
CHANGED_SINCE = "此后已被修改，未恢复"
GONE = "已不在登记库中"
IN_USE = "此后已有诉求或其他业务，未删除"
PAIRINGS_CHANGED = "企业已恢复，但结对此后已变更，未恢复"

UNDOABLE = ("created", "changed", "same")


@dataclass(frozen=True, slots=True)
class Step:
    """One line to take back."""

    row: int
    subject_id: int
    effect: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of a line: removed, restored or kept; `reason` where something was kept."""

    row: int
    what: str
    reason: str | None = None


def request_rollback(actor: Actor, batch_id: int, *, at: datetime) -> None:
    """Have a batch taken back by the job. `at` is real time.

    Raises `NotFound`; `Conflict` while it is at work or waits, when there is nothing to take back,
    or when it is older than the images that are kept.
    """
    mine = ImportBatch.id == batch_id, visible_imports(actor)
    batch = db.session.scalar(sa.select(ImportBatch).where(*mine).with_for_update())
    if batch is None:
        raise NotFound
    _demand_possible(batch, at)
    batch.state, batch.failure = "rolling_back", None
    batch.leased_until, batch.attempts = None, 0
    db.session.flush()
    audit.record(actor, "rollback_import", f"import_batch:{batch.id}", {"kind": batch.kind})


def roll_back(claim: Claim, *, edge: Edge = nullcontext, at: datetime) -> Counter[str]:
    """Take the batch back, last line first, a chunk inside each `edge`; answers what was done.

    Can be interrupted and goes on where it stopped. Raises `Conflict` where the claim was lost.
    `at` is business time.
    """
    done: Counter[str] = Counter()
    while True:
        with edge():
            batch = db.session.get(ImportBatch, claim.batch_id, populate_existing=True)
            if batch is None:
                raise NotFound
            steps = _next_steps(batch.id)
            if not steps:
                _withdraw_conflicts(batch.id, at)
                finish_rollback(claim, at=clock.real())
                return done
            undone = _take_back(batch, steps, at)
            done = Counter(batch.undone) + Counter(each.what for each in undone)
            _note(batch.id, undone)
            hold_rollback(claim, done, at=clock.real())


def _demand_possible(batch: ImportBatch, at: datetime) -> None:
    is_at_work = batch.leased_until is not None and batch.leased_until > at
    if batch.state in ("queued", "rolling_back") or is_at_work:
        raise Conflict("这一批次正在处理，请稍后再试。")
    if batch.is_dry_run or not batch.stored_row:
        raise Conflict("这一批次没有写入登记库，无需撤销。")
    if batch.created_at < at - KEPT_FOR:
        raise Conflict(f"超过 {KEPT_FOR.days} 天的批次不能撤销。")


def _next_steps(batch_id: int) -> list[Step]:
    query = (
        sa.select(ImportRow.row, ImportRow.subject_id, ImportRow.effect, ImportRow.stored_at)
        .where(
            ImportRow.batch_id == batch_id,
            ImportRow.effect.in_(UNDOABLE),
            ImportRow.undone.is_(None),
        )
        .order_by(ImportRow.row.desc())
        .limit(CHUNK)
    )
    return [
        Step(row.row, row.subject_id or 0, row.effect or "", row.stored_at)
        for row in db.session.execute(query)
    ]


def _take_back(batch: ImportBatch, steps: Sequence[Step], at: datetime) -> list[Undone]:
    standing = _standing(batch.kind, [step.subject_id for step in steps])
    before = _images(batch, [step.row for step in steps])
    touched = {
        step.row: reason
        for step in steps
        if (reason := _reason_to_keep(step, standing.get(step.subject_id), batch.id))
    }
    removable = _remove(batch, [s for s in steps if s.effect == "created" and s.row not in touched])
    undone = []
    for step in steps:
        if step.row in touched:
            undone.append(Undone(step.row, "kept", touched[step.row]))
        elif step.effect == "created":
            is_gone = step.subject_id in removable
            undone.append(Undone(step.row, *(("removed",) if is_gone else ("kept", IN_USE))))
        else:
            if step.row in before:
                restore(batch.kind, step.subject_id, before[step.row])
            undone.append(Undone(step.row, "restored"))
    stuck = take_pairings_back(
        batch, [each.row for each in undone if each.what == "restored"], at=at
    )
    return [
        Undone(each.row, "kept", PAIRINGS_CHANGED) if each.row in stuck else each for each in undone
    ]


def _standing(kind: str, ids: Sequence[int]) -> dict[int, Any]:
    model: Any = MODELS[kind]
    query = sa.select(model.id, model.updated_at, model.import_batch_id).where(among(model.id, ids))
    return {row.id: row for row in db.session.execute(query.with_for_update())}


def _reason_to_keep(step: Step, standing: Any, batch_id: int) -> str | None:
    if standing is None:
        return GONE
    is_own = standing.import_batch_id == batch_id and standing.updated_at == step.stored_at
    return None if is_own or step.effect == "same" else CHANGED_SINCE


def _images(batch: ImportBatch, rows: Sequence[int]) -> dict[int, bytes]:
    query = sa.select(ImportChange.row, ImportChange.before).where(
        ImportChange.batch_id == batch.id,
        ImportChange.kind == batch.kind,
        ImportChange.row.in_(rows),
        ImportChange.before.is_not(None),
    )
    return {row: before for row, before in db.session.execute(query) if before}


def _remove(batch: ImportBatch, steps: Sequence[Step]) -> set[int]:
    """Delete what the batch created and nothing else has come to depend on; answers which."""
    ids = {step.subject_id for step in steps}
    if batch.kind == "enterprises":
        ids = without_pairings(batch, ids - in_use(batch.kind, ids, besides=PAIRINGS))
    else:
        ids -= in_use(batch.kind, ids)
    model: Any = MODELS[batch.kind]
    if ids:
        db.session.execute(sa.delete(model).where(among(model.id, ids)))
    return ids


def _note(batch_id: int, undone: Sequence[Undone]) -> None:
    for each in undone:
        row = ImportRow.batch_id == batch_id, ImportRow.row == each.row
        values = {"undone": each.what, "undone_reason": each.reason}
        db.session.execute(sa.update(ImportRow).where(*row).values(values))


def _withdraw_conflicts(batch_id: int, at: datetime) -> None:
    own = RegisterConflict.batch_id == batch_id, RegisterConflict.state == "open"
    withdrawn = {"state": "withdrawn", "settled_at": at}
    db.session.execute(sa.update(RegisterConflict).where(*own).values(withdrawn))
