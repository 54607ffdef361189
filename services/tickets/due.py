"""What has come due by itself: warnings, tickets to archive. Sweeps ask here, `perform` decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from app.db import db
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.late_rungs import late_reached
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import CARDS, SCORED, ClockKind, Rung
from app.domain.vocabulary import MatterKind, Status
from app.models.sla import SlaClock
from app.models.ticket import Ticket
from services.visibility.asking import Condition
from services.visibility.matters import has_open, has_to_be_settled

_IS_HEEDED = sa.or_(SlaClock.kind.not_in(sorted(SCORED)), sa.not_(has_open(MatterKind.TRACKING)))
"""Who has it tracked open is not pressed for time."""

TURNING_RED = tuple(kind for kind, rungs in CARDS.items() if Rung.RED in rungs)


@dataclass(frozen=True, slots=True)
class DueWarning:
    """A reminder or a card that a ticket's clock has run into and not been given yet."""

    number: str
    action: Act
    facts: Reminding | CardIssue


def due_warnings(*, at: datetime) -> list[DueWarning]:
    """The warnings due at `at`, longest due first; of each clock only the latest that it reached.

    The same rule as `app.domain.sla.rung_due`, for all running clocks at once; and nobody is
    reminded to rate what is rated already or can be rated no more.
    """
    branches = (_running(rung, reached) for rung, reached in _reached(at).items())
    rows = db.session.execute(sa.union_all(*branches).order_by("due_at", "id"))
    return [_warning(row, at=at) for row in rows]


def first_warning(*, at: sa.ColumnElement[datetime]) -> sa.ScalarSelect[datetime]:
    """Since when the oldest of the warnings due at `at` has been; of each index the first row."""
    branches = []
    for rung, reached in _reached(at).items():
        since = SINCE[rung].label("since")
        due = sa.select(since).join(Ticket, Ticket.id == SlaClock.ticket_id)
        due = due.where(SlaClock.stopped_at.is_(None), reached, _IS_HEEDED)
        branches.append(due.order_by(since).limit(1))
    firsts = sa.union_all(*branches).subquery("firsts")
    return sa.select(sa.func.min(firsts.c.since)).scalar_subquery()


SINCE: Mapping[Rung, Any] = {
    Rung.NUDGE: SlaClock.nudge_at,
    Rung.REMINDER: SlaClock.remind_at,
    Rung.YELLOW: SlaClock.yellow_at,
    Rung.RED: SlaClock.due_at,
    Rung.ORDER: SlaClock.climb_at,
}
"""When a clock comes to each rung."""


def _reached(at: datetime | sa.ColumnElement[datetime]) -> dict[Rung, Condition]:
    """Which clocks have come to a rung, and not to the next, without its warning.

    Each begins with its own partial index; who has had a warning is in none of a lower one.
    """
    can_still_rate = sa.and_(Ticket.level.is_(None), SlaClock.due_at > at)
    return {
        Rung.NUDGE: sa.and_(
            _has_none_of("nudged_at", "reminded_at", "warned_at", "overdue_at"),
            SlaClock.nudge_at <= at,
            _is_ahead(SlaClock.remind_at, at),
            _without_card(at),
        ),
        Rung.REMINDER: sa.and_(
            _has_none_of("reminded_at", "warned_at", "overdue_at"),
            SlaClock.remind_at <= at,
            _without_card(at),
            sa.or_(SlaClock.kind != ClockKind.EVALUATION, can_still_rate),
        ),
        Rung.YELLOW: sa.and_(
            _has_none_of("warned_at", "overdue_at"),
            SlaClock.yellow_at <= at,
            SlaClock.due_at >= at,
        ),
        Rung.RED: sa.and_(
            SlaClock.overdue_at.is_(None), SlaClock.due_at < at, SlaClock.kind.in_(TURNING_RED)
        ),
        Rung.ORDER: sa.and_(SlaClock.overdue_at.is_not(None), SlaClock.climb_at <= at),
    }


def _has_none_of(*given: str) -> Condition:
    return sa.and_(*(getattr(SlaClock, name).is_(None) for name in given))


def _without_card(at: datetime | sa.ColumnElement[datetime]) -> Condition:
    """Neither yellow nor red by now, whichever of them the clock has."""
    is_in_time = sa.or_(SlaClock.kind.not_in(TURNING_RED), SlaClock.due_at >= at)
    return sa.and_(_is_ahead(SlaClock.yellow_at, at), is_in_time)


def _is_ahead(instant: Any, at: datetime | sa.ColumnElement[datetime]) -> Condition:
    """The rung has not come; one that the policy leaves out never does."""
    return sa.or_(instant.is_(None), instant > at)


def _running(rung: Rung, reached: Condition) -> sa.Select[*tuple[object, ...]]:
    # Looked up for each clock, however many the planner expects: never all tickets for some clocks.
    heeded = sa.and_(Ticket.id == SlaClock.ticket_id, reached, _IS_HEEDED)
    its_own = sa.select(Ticket.number).where(heeded).limit(1).correlate(SlaClock).lateral("its_own")
    columns = (SlaClock.id, SlaClock.due_at, SlaClock.kind, SlaClock.organisation_id)
    return (
        sa.select(
            *columns, SlaClock.late_ats, its_own.c.number, sa.literal(rung.value).label("rung")
        )
        .select_from(SlaClock)
        .join(its_own, sa.true())
        .where(SlaClock.stopped_at.is_(None), _of_clock(reached))
    )


def _of_clock(reached: Condition) -> Condition:
    """The part of the condition that asks for nothing of the ticket; the index answers it."""
    parts = [each for each in reached.clauses if not _asks_for_ticket(each)]
    return sa.and_(*parts)


def _asks_for_ticket(condition: Condition) -> bool:
    return any(
        isinstance(each, sa.Column) and each.table is Ticket.__table__
        for each in visitors.iterate(condition)
    )


def _warning(row: Any, *, at: datetime) -> DueWarning:
    kind, rung = ClockKind(row.kind), Rung(row.rung)
    if rung is Rung.ORDER:
        instants = tuple(each and datetime.fromisoformat(each) for each in row.late_ats)
        rung = late_reached(instants, at=at) or rung
    if rung in CARDS[kind]:
        return DueWarning(row.number, Act.ISSUE_CARD, CardIssue(kind, rung, row.organisation_id))
    return DueWarning(row.number, Act.REMIND, Reminding(kind, row.organisation_id, rung))


def supplements_to_lapse(*, at: datetime) -> list[str]:
    """Numbers of the tickets whose enterprise has not brought in time what is missing."""
    query = (
        sa.select(Ticket.number)
        .join(SlaClock, SlaClock.ticket_id == Ticket.id)
        .where(
            SlaClock.kind == ClockKind.SUPPLEMENT,
            SlaClock.due_at < at,
            SlaClock.stopped_at.is_(None),
            Ticket.status == Status.SUPPLEMENTING,
        )
    )
    return list(db.session.scalars(query.order_by(SlaClock.due_at, SlaClock.id)))


def tickets_to_archive(*, at: datetime) -> list[str]:
    """Numbers of the tickets with nothing open that are rated, or whose time for rating is over.

    Which of the badly rated ones may go the rule itself says.
    """
    query = sa.select(Ticket.number).where(
        Ticket.status == Status.EVALUATING,
        Ticket.archived_at.is_(None),
        sa.not_(has_to_be_settled()),
        sa.or_(Ticket.level.is_not(None), Ticket.due_at <= at),
    )
    return list(db.session.scalars(query.order_by(Ticket.due_at, Ticket.id)))
