"""裁定: whose report of an enterprise holds when two authorities have reported it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict, NotFound
from app.domain.keyset import Page
from app.models.enterprise import Enterprise
from app.models.import_batch import ImportBatch, ImportRow
from app.models.organisation import Organisation
from app.models.register_conflict import RegisterConflict
from services import audit
from services.directory.enterprises import get_registered
from services.directory.housekeepers import load_roster
from services.directory.organisations import get_unit
from services.imports.conflicts import open_entry
from services.imports.storing import Matched, Work, store
from services.paging import descending, fetch_page
from services.visibility.conflicts import visible_conflicts

NEWEST_FIRST = descending("newest", RegisterConflict.id)
_CLAIMANT = aliased(Organisation)


class Decision(StrEnum):
    """裁定: what is registered stays, or the report takes its place."""

    KEPT = "kept"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class ConflictReport:
    """A conflict as those between whom it stands see it: no contact, no numbers."""

    id: int
    batch_id: int
    row: int
    state: str
    enterprise_id: int
    enterprise_name: str
    uscc: str | None
    reported_by: str
    claimed_by: str
    created_at: datetime
    reason: str | None
    settled_at: datetime | None


_REPORTS = (
    sa.select(
        RegisterConflict.id,
        RegisterConflict.batch_id,
        RegisterConflict.row,
        RegisterConflict.state,
        RegisterConflict.enterprise_id,
        Enterprise.name,
        Enterprise.uscc,
        Organisation.name,
        _CLAIMANT.name,
        RegisterConflict.created_at,
        RegisterConflict.reason,
        RegisterConflict.settled_at,
    )
    .join(Enterprise, Enterprise.id == RegisterConflict.enterprise_id)
    .join(Organisation, Organisation.id == Enterprise.reporting_organisation_id)
    .join(_CLAIMANT, _CLAIMANT.id == RegisterConflict.organisation_id)
    .join(ImportBatch, ImportBatch.id == RegisterConflict.batch_id)
)


def list_open_conflicts(
    actor: Actor, state: str | None, page: Page
) -> tuple[list[ConflictReport], str | None]:
    """One page of what the actor may see, newest first, and the next cursor; None is any state."""
    query = _REPORTS.where(visible_conflicts(actor))
    if state is not None:
        query = query.where(RegisterConflict.state == state)
    found = fetch_page(query, NEWEST_FIRST, page)
    reports = [ConflictReport(*tuple[Any, ...](row[:-1])) for row in found.rows]
    return reports, found.next_cursor


def get_conflict(actor: Actor, conflict_id: int) -> ConflictReport:
    """One of them. Raises `NotFound`."""
    own = RegisterConflict.id == conflict_id, visible_conflicts(actor)
    row = db.session.execute(_REPORTS.where(*own)).one_or_none()
    if row is None:
        raise NotFound
    return ConflictReport(*tuple[Any, ...](row))


def settle_conflict(
    actor: Actor, conflict_id: int, decision: Decision, reason: str, *, at: datetime
) -> None:
    """Say whose word holds, once and for all. `at` is business time.

    Raises `NotFound`, and `Conflict` when it is settled already. A report that takes the place is
    stored by the rules of the import, as a line of its batch, and goes with it when that is rolled
    back.
    """
    get_conflict(actor, conflict_id)
    conflict = db.session.get_one(RegisterConflict, conflict_id, with_for_update=True)
    if conflict.state != "open":
        raise Conflict("这项登记冲突已经裁定。")
    conflict.state, conflict.reason = decision.value, reason
    conflict.settled_by, conflict.settled_at = actor.account_id, at
    db.session.flush()
    if decision is Decision.REPLACED:
        _replace(conflict, at)
    facts = {"decision": decision.value, "enterprise_id": conflict.enterprise_id}
    audit.record(actor, "settle_register_conflict", f"register_conflict:{conflict.id}", facts)


def _replace(conflict: RegisterConflict, at: datetime) -> None:
    batch = db.session.get_one(ImportBatch, conflict.batch_id)
    authority = get_unit(batch.organisation_id) if batch.organisation_id else None
    # A rollback of the batch knows its pairings by the time at which it was worked.
    work = Work(
        batch.id, authority, is_dry_run=False, roster=load_roster(), at=batch.worked_at or at
    )
    known = get_registered(conflict.enterprise_id)
    effects = store([Matched(conflict.row, open_entry(conflict.entry), known)], work)
    line = ImportRow.batch_id == batch.id, ImportRow.row == conflict.row
    effect = effects[conflict.row]
    values = {"subject_id": effect.subject_id, "effect": effect.kind, "stored_at": sa.func.now()}
    db.session.execute(sa.update(ImportRow).where(*line).values(values))
