"""What has come due by itself: cards, tickets to archive. Sweeps ask here, `perform` decides."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.rating import BAD
from app.domain.sla_clock import RUNGS, ClockKind, Rung
from app.domain.ticket_facts import CardIssue
from app.domain.vocabulary import Status
from app.models.sla import SlaClock
from app.models.ticket import Ticket

TURNING_RED = tuple(kind for kind, rungs in RUNGS.items() if Rung.RED in rungs)


@dataclass(frozen=True, slots=True)
class DueCard:
    """A card that a ticket's clock has run into and not been given yet."""

    number: str
    issue: CardIssue


def due_cards(*, at: datetime) -> list[DueCard]:
    """The cards due at `at`, longest due first; of a clock past its limit only the red one.

    The same rule as `app.domain.sla.rung_due`, for all running clocks at once.
    """
    red = sa.and_(
        SlaClock.overdue_at.is_(None), SlaClock.due_at < at, SlaClock.kind.in_(TURNING_RED)
    )
    yellow = sa.and_(SlaClock.warned_at.is_(None), SlaClock.yellow_at <= at, SlaClock.due_at >= at)
    due = sa.union_all(_running(Rung.RED, red), _running(Rung.YELLOW, yellow))
    rows = db.session.execute(due.order_by("due_at", "id"))
    return [
        DueCard(row.number, CardIssue(ClockKind(row.kind), Rung(row.rung), row.organisation_id))
        for row in rows
    ]


def _running(rung: Rung, condition: sa.ColumnElement[bool]) -> sa.Select[*tuple[object, ...]]:
    return (
        sa.select(
            SlaClock.id,
            SlaClock.due_at,
            SlaClock.kind,
            SlaClock.organisation_id,
            Ticket.number,
            sa.literal(rung.value).label("rung"),
        )
        .join(Ticket, Ticket.id == SlaClock.ticket_id)
        .where(SlaClock.stopped_at.is_(None), condition)
    )


def tickets_to_archive(*, at: datetime) -> list[str]:
    """Numbers of the tickets that are rated and not bad, or whose time for rating is over."""
    is_rated_well = sa.and_(Ticket.level.is_not(None), Ticket.level.not_in(BAD))
    query = sa.select(Ticket.number).where(
        Ticket.status == Status.EVALUATING,
        Ticket.archived_at.is_(None),
        sa.or_(is_rated_well, Ticket.due_at <= at),
    )
    return list(db.session.scalars(query.order_by(Ticket.due_at, Ticket.id)))
