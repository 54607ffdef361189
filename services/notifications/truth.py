"""情况如今怎样: what a message said and how things stand, whichever way it goes to its reader."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.domain.actor import PAIRED_ROLES, Role
from app.domain.message_kinds import MessageKind
from app.domain.pairing_flow import PairingRole
from app.domain.permissions import Permission
from app.domain.relevance import Present, Told
from app.domain.vocabulary import AssignmentState, Status
from app.models.account import Account, Membership
from app.models.assignment import Assignment
from app.models.notification import Notification
from app.models.pairing import STANDING, Pairing
from app.models.sla import SlaClock
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent

_EVENT_CLOCK = TicketEvent.facts["clock"].astext
_EVENT_UNIT = sa.cast(TicketEvent.facts["organisation_id"].astext, sa.BigInteger)

_STANDS_BY = (
    sa.exists()
    .where(
        Pairing.enterprise_id == Ticket.enterprise_id,
        Pairing.housekeeper_id == Membership.housekeeper_id,
        Pairing.role == PairingRole.DEPUTY,
        Pairing.state.in_(STANDING),
        Membership.role == Role.DEPUTY_HOUSEKEEPER,
    )
    .correlate(Ticket, Membership)
    .label("stands_by")
)
"""The B role of the enterprise, told because the A role has not read."""

TRUTH = (
    *(Notification.kind, Notification.membership_id, Notification.read_at),
    *(Ticket.number, Ticket.level, Ticket.status, Ticket.round, Ticket.refusal_proposed_by),
    *(Ticket.open_matters, Ticket.is_urged),
    *(Ticket.housekeeper_id.label("ticket_housekeeper"), Assignment.state.label("unit")),
    *(TicketEvent.action, TicketEvent.to_status, TicketEvent.round.label("event_round")),
    TicketEvent.facts["due_at"].astext.label("told_due_at"),
    *(SlaClock.due_at, SlaClock.stopped_at, Account.is_enabled, Membership.role),
    *(Membership.housekeeper_id, Membership.valid_from, Membership.valid_until),
    _STANDS_BY,
)
"""The columns that `told` and `present` read."""


def with_truth(query: sa.Select[Any]) -> sa.Select[Any]:
    """`query`, which has the messages of tickets in it, joined to what `TRUTH` reads."""
    is_own_clock = sa.and_(
        SlaClock.ticket_id == Ticket.id,
        SlaClock.round == TicketEvent.round,
        SlaClock.kind == _EVENT_CLOCK,
        SlaClock.organisation_id.is_not_distinct_from(_EVENT_UNIT),
    )
    is_its_event = sa.and_(
        TicketEvent.ticket_id == Notification.ticket_id, TicketEvent.seq == Notification.event_seq
    )
    is_its_part = sa.and_(
        Assignment.ticket_id == Ticket.id,
        Assignment.round == Ticket.round,
        Assignment.organisation_id == Membership.organisation_id,
    )
    return (
        query.join(Account, Account.id == Notification.account_id)
        .join(Ticket, Ticket.id == Notification.ticket_id)
        .join(TicketEvent, is_its_event)
        .outerjoin(SlaClock, is_own_clock)
        .outerjoin(Membership, Membership.id == Notification.membership_id)
        .outerjoin(Assignment, is_its_part)
    )


def told(row: Mapping[Any, Any]) -> Told:
    """What the message said."""
    due_at = row["told_due_at"]
    return Told(
        kind=MessageKind(row["kind"]),
        action=Permission(row["action"]),
        round=row["event_round"],
        status=Status(row["to_status"]),
        due_at=datetime.fromisoformat(due_at) if due_at else None,
    )


def present(row: Mapping[Any, Any], *, at: datetime) -> Present:
    """How things stand."""
    return Present(
        status=Status(row["status"]),
        round=row["round"],
        is_rated=row["level"] is not None,
        is_recipient=_is_recipient(row, at),
        due_at=row["due_at"] if row["stopped_at"] is None else None,
        is_read=row["read_at"] is not None,
        unit=AssignmentState(row["unit"]) if row["unit"] else None,
        refusal_waits=row["refusal_proposed_by"] is not None,
        open_matters=row["open_matters"],
        is_approver=row["role"] == Role.UNIT_APPROVER,
        is_urged=row["is_urged"],
    )


def _is_recipient(row: Mapping[Any, Any], at: datetime) -> bool:
    """Whether the person is still who was told; without a membership nobody can say otherwise."""
    if not row["is_enabled"]:
        return False
    if row["membership_id"] is None:
        return True
    until = row["valid_until"]
    if row["valid_from"] > at or (until is not None and until <= at):
        return False
    is_told_as_its_own = row["role"] in PAIRED_ROLES and not row["stands_by"]
    return not is_told_as_its_own or bool(row["housekeeper_id"] == row["ticket_housekeeper"])
