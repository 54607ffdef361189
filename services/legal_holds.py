"""保全: the security administrator places and lifts holds, the auditor sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import AlreadyExists, Conflict, FieldError, InvalidInput, NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand, may
from app.models.account import Account
from app.models.enterprise import Enterprise
from app.models.legal_hold import LegalHold
from app.models.ticket import Ticket
from services import audit
from services.paging import descending, fetch_page
from services.visibility.asking import NOTHING
from services.visibility.holds import begin_to_hold

NEWEST_FIRST = descending("newest-hold", LegalHold.id)
EVERYTHING = "everything"
SUBJECTS: dict[str, tuple[Any, Any]] = {
    "ticket": (Ticket.id, Ticket.number),
    "enterprise": (Enterprise.id, sa.cast(Enterprise.id, sa.Text)),
    "account": (Account.id, sa.cast(Account.id, sa.Text)),
}
"""The id of each kind of subject, and how people name it."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold as it is shown. `subject`: the number of a ticket, the id of others, or ""."""

    id: int
    subject_kind: str
    subject: str
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


def list_holds(
    actor: Actor, page: Page, *, is_standing: bool | None = None
) -> tuple[list[Hold], str | None]:
    """One page of holds, newest first, and the next cursor. Raises `InvalidInput`."""
    query = _holds(actor)
    if is_standing is not None:
        query = query.where(LegalHold.lifted_at.is_(None) == is_standing)
    found = fetch_page(query, NEWEST_FIRST, page)
    return [_hold(row) for row in found.rows], found.next_cursor


def place(actor: Actor, kind: str, subject: str, reason: str, *, at: datetime) -> Hold:
    """Keep the subject from every deletion. Raises `Forbidden`, `InvalidInput`, `AlreadyExists`."""
    demand(actor, Permission.PLACE_HOLDS)
    begin_to_hold()
    subject_id = _subject_id(kind, subject)
    standing = sa.select(LegalHold.id).where(
        LegalHold.subject_kind == kind,
        LegalHold.subject_id.is_not_distinct_from(subject_id),
        LegalHold.lifted_at.is_(None),
    )
    if db.session.scalar(standing) is not None:
        raise AlreadyExists("该对象已在保全中。")
    hold = LegalHold(
        subject_kind=kind,
        subject_id=subject_id,
        subject=subject,
        reason=reason,
        placed_by=actor.account_id,
        placed_at=at,
    )
    db.session.add(hold)
    db.session.flush()
    facts = {"kind": kind, "subject": subject, "reason": reason}
    audit.record(actor, "place_legal_hold", f"legal_hold:{hold.id}", facts)
    return _get(actor, hold.id)


def lift(actor: Actor, hold_id: int, *, at: datetime) -> Hold:
    """End a hold: what is past its term goes with the next run. Raises `NotFound`, `Conflict`."""
    demand(actor, Permission.PLACE_HOLDS)
    hold = db.session.get(LegalHold, hold_id, with_for_update=True)
    if hold is None:
        raise NotFound
    if hold.lifted_at is not None:
        raise Conflict("该保全已经解除。")
    hold.lifted_by, hold.lifted_at = actor.account_id, at
    db.session.flush()
    audit.record(actor, "lift_legal_hold", f"legal_hold:{hold.id}")
    return _get(actor, hold_id)


def _subject_id(kind: str, subject: str) -> int | None:
    if kind == EVERYTHING:
        if subject:
            raise _refused("subject", "保全一切时不填对象。")
        return None
    key, name = SUBJECTS[kind]
    found: int | None = db.session.scalar(sa.select(key).where(name == subject))
    if found is None:
        raise _refused("unknown", "没有这个对象：诉求填编号，企业和账号填数字编号。")
    return found


def _refused(code: str, detail: str) -> InvalidInput:
    return InvalidInput([FieldError("/subject", code, detail)])


_PLACER, _LIFTER = aliased(Account), aliased(Account)


def _holds(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            LegalHold.id,
            LegalHold.subject_kind,
            LegalHold.subject,
            LegalHold.reason,
            _PLACER.name.label("placed_by"),
            LegalHold.placed_at,
            _LIFTER.name.label("lifted_by"),
            LegalHold.lifted_at,
        )
        .join(_PLACER, _PLACER.id == LegalHold.placed_by)
        .outerjoin(_LIFTER, _LIFTER.id == LegalHold.lifted_by)
        .where(sa.true() if may(actor, Permission.READ_HOLDS) else NOTHING)
    )


def _get(actor: Actor, hold_id: int) -> Hold:
    return _hold(db.session.execute(_holds(actor).where(LegalHold.id == hold_id)).one())


def _hold(row: sa.Row[*tuple[Any, ...]]) -> Hold:
    return Hold(*row[:8])
