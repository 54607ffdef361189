"""子工单 of the units: the work list of a unit, and the way from one to its ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import labels
from app.domain.actor import Actor
from app.domain.decisions.coordination import CLOCK_OF
from app.domain.errors import Forbidden, NotFound
from app.domain.keyset import Page
from app.domain.vocabulary import GONE, AssignmentState, UnitRole
from app.models.assignment import Assignment
from app.models.organisation import Organisation
from app.models.sla import SlaClock
from app.models.ticket import Ticket
from services.paging import Order, SortKey, fetch_page
from services.tickets.lights import Now
from services.visibility.asking import Condition
from services.visibility.tickets import visible_assignments

QUEUES: Mapping[str, Condition] = {
    "to_sign": Assignment.state == AssignmentState.DISPATCHED,
    "to_reply": sa.and_(
        Assignment.role == UnitRole.LEAD,
        Assignment.state.in_((AssignmentState.DISPATCHED, AssignmentState.SIGNED)),
    ),
    "to_opine": sa.and_(
        Assignment.role == UnitRole.CO,
        Assignment.state.in_((AssignmentState.DISPATCHED, AssignmentState.SIGNED)),
    ),
    "to_approve": Assignment.state == AssignmentState.REPLIED,
    "open": Assignment.state.not_in((AssignmentState.DONE, *GONE)),
    "done": Assignment.state == AssignmentState.DONE,
}

_ITS_CLOCK = sa.case(
    {role.value: kind.value for role, kind in CLOCK_OF.items()}, value=Assignment.role
)
"""A unit may have others beside it: of its wish to return the part, of a part it had before."""

_LIST = (
    sa.select(
        Assignment.id,
        Assignment.organisation_id,
        Organisation.name.label("organisation_name"),
        Assignment.role,
        Assignment.state,
        Assignment.round,
        Assignment.instruction,
        Assignment.dispatched_at,
        Assignment.signed_at,
        Assignment.return_until,
        Assignment.silence_is_consent,
        SlaClock.due_at,
        SlaClock.limit_unit,
        SlaClock.calendar_version,
        SlaClock.hours_area,
        Ticket.number,
        Ticket.title,
        Ticket.status,
        Ticket.version,
    )
    .join(Ticket, Ticket.id == Assignment.ticket_id)
    .join(Organisation, Organisation.id == Assignment.organisation_id)
    .outerjoin(
        SlaClock,
        sa.and_(
            SlaClock.ticket_id == Assignment.ticket_id,
            SlaClock.round == Assignment.round,
            SlaClock.organisation_id == Assignment.organisation_id,
            SlaClock.kind == _ITS_CLOCK,
        ),
    )
)
ORDER = Order("due_at", (SortKey(SlaClock.due_at, is_nullable=True), SortKey(Assignment.id)))
_SHOWN = (
    *("id", "organisation_id", "organisation_name", "role", "state", "round", "instruction"),
    *("dispatched_at", "signed_at", "return_until", "silence_is_consent", "due_at"),
)


def find_assignments(
    actor: Actor, queue: str | None, page: Page, *, at: datetime
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of visible assignments, those due first in front."""
    query = _LIST.where(visible_assignments(actor))
    if queue:
        query = query.where(QUEUES[queue])
    found = fetch_page(query, ORDER, page)
    now = Now(at)
    return [_shown(row._mapping, now) for row in found.rows], found.next_cursor


def _shown(row: Mapping[Any, Any], now: Now) -> dict[str, Any]:
    ticket = {name: row[name] for name in ("number", "title", "status", "version")}
    return {name: row[name] for name in _SHOWN} | {
        "role_label": labels.UNIT_ROLE[row["role"]],
        "state_label": labels.ASSIGNMENT[row["state"]],
        "is_provisional": now.is_provisional(row),
        "ticket": ticket,
    }


@dataclass(frozen=True, slots=True)
class Part:
    """Whose assignment it is, and the number of its ticket."""

    number: str
    organisation_id: int


def own_part(actor: Actor, assignment_id: int) -> Part:
    """The actor's own unit's assignment.

    Raises `NotFound` when it is not visible, `Forbidden` when it is another unit's.
    """
    part = visible_part(actor, assignment_id)
    if part.organisation_id != actor.organisation_id:
        raise Forbidden
    return part


def visible_part(actor: Actor, assignment_id: int) -> Part:
    """An assignment within the actor's sight. Raises `NotFound`."""
    row = db.session.execute(
        sa.select(Ticket.number, Assignment.organisation_id)
        .join(Assignment, Assignment.ticket_id == Ticket.id)
        .where(Assignment.id == assignment_id, visible_assignments(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return Part(row.number, row.organisation_id)
