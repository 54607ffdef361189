"""保全: the conditions by which standing holds keep rows from every retention job."""

from typing import Any

import sqlalchemy as sa

from app.db import db
from app.models.legal_hold import LegalHold
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.visibility.asking import Condition

STANDING = LegalHold.lifted_at.is_(None)


def is_everything_held() -> Condition:
    """Whether a hold on everything stands."""
    return sa.exists().where(LegalHold.subject_kind == "everything", STANDING)


def is_held(kind: str, subject_id: Any) -> Condition:
    """Whether a hold stands on the subject of this kind and id (a column or a value)."""
    holds = sa.exists().where(
        LegalHold.subject_kind == kind, LegalHold.subject_id == subject_id, STANDING
    )
    return holds.correlate_except(LegalHold)


def holds_on_ticket() -> tuple[Condition, ...]:
    """When somebody holds a row of `tickets`, besides a hold on everything."""
    by_who_acted = sa.exists().where(
        TicketEvent.ticket_id == Ticket.id, is_held("account", TicketEvent.account_id)
    )
    return (
        is_held("ticket", Ticket.id),
        is_held("enterprise", Ticket.enterprise_id),
        by_who_acted.correlate_except(TicketEvent),
    )


def is_ticket_held() -> Condition:
    """Whether any hold keeps a row of `tickets`."""
    return sa.or_(is_everything_held(), *holds_on_ticket())


def keep_holds_as_they_are() -> None:
    """Until the transaction ends nobody places or lifts a hold; who is at it is waited for.

    Whoever deletes calls it first, so that no hold comes between the look and the deed.
    """
    db.session.execute(sa.text("LOCK TABLE legal_holds IN SHARE MODE"))


def begin_to_hold() -> None:
    """Wait for who deletes: what a hold names is looked up when it can no longer disappear."""
    db.session.execute(sa.text("LOCK TABLE legal_holds IN ROW EXCLUSIVE MODE"))
