"""跟踪回访的安排: found by a daily job, each visit planned once.

What is confidential, or complains of the housekeeper, is none of a housekeeper's visits.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain.follow_ups import UNWANTED, FollowUpKind, FollowUpState, planned_for
from app.domain.pairing_flow import PairingRole
from app.domain.rating import Verdict
from app.domain.rules import Rule
from app.domain.vocabulary import MatterKind, Status, TicketClass
from app.models.enterprise import Enterprise
from app.models.follow_up import FollowUpVisit
from app.models.matter import Matter
from app.models.pairing import STANDING, Pairing
from app.models.ticket import Ticket
from services.tickets.terms import local_day, newest_calendar, rules_at
from services.visibility.asking import Condition

LATEST = timedelta(days=90)
"""Who was closed longer ago is not visited because of it any more."""

YEARLY_IN_A_RUN = 500
"""A register that was imported at once is not visited in one week."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A visit that is not planned yet; `on`: the day from which on it is due."""

    enterprise_id: int
    housekeeper_id: int
    kind: FollowUpKind
    on: date
    ticket_id: int | None = None


def wanted_visits(*, at: datetime) -> list[Wanted]:
    """What is to be planned at the business time `at`: after closed tickets, and yearly."""
    return [*_after_tickets(at), *_yearly(at)]


def plan_visit(wanted: Wanted) -> bool:
    """Plan one; False where it is planned already. Raises `NoCalendar`, `UnknownCalendarYear`."""
    values = {
        "enterprise_id": wanted.enterprise_id,
        "housekeeper_id": wanted.housekeeper_id,
        "ticket_id": wanted.ticket_id,
        "kind": wanted.kind.value,
        "planned_for": planned_for(newest_calendar(), wanted.on),
    }
    planning = insert(FollowUpVisit).values(values).on_conflict_do_nothing()
    return db.session.scalar(planning.returning(FollowUpVisit.id)) is not None


def follow_pairings() -> int:
    """What is planned goes to whoever stands for the enterprise now; how many moved."""
    moving = (
        sa.update(FollowUpVisit)
        .where(
            FollowUpVisit.state == FollowUpState.PLANNED,
            Pairing.enterprise_id == FollowUpVisit.enterprise_id,
            _leads(),
            Pairing.housekeeper_id != FollowUpVisit.housekeeper_id,
        )
        .values(housekeeper_id=Pairing.housekeeper_id)
        .returning(FollowUpVisit.id)
    )
    return len(db.session.execute(moving).all())


def skip_unwanted(*, at: datetime) -> int:
    """Yearly contacts that the enterprise does not want any more; how many were skipped."""
    unwilling = sa.select(Enterprise.id).where(
        sa.or_(Enterprise.visit_preference != "any", Enterprise.closed_on.is_not(None))
    )
    skipping = (
        sa.update(FollowUpVisit)
        .where(
            FollowUpVisit.state == FollowUpState.PLANNED,
            FollowUpVisit.kind == FollowUpKind.YEARLY,
            FollowUpVisit.enterprise_id.in_(unwilling),
        )
        .values(state=FollowUpState.SKIPPED, note=UNWANTED, done_at=at)
        .returning(FollowUpVisit.id)
        .execution_options(synchronize_session=False)
    )
    return len(db.session.execute(skipping).all())


def _after_tickets(at: datetime) -> list[Wanted]:
    is_hard = Ticket.ticket_class == TicketClass.HARD
    kind = sa.case((is_hard, FollowUpKind.AFTER_HARD), else_=FollowUpKind.AFTER_BAD_REVIEW)
    query = (
        sa.select(Ticket.id, Ticket.archived_at, kind.label("kind"))
        .add_columns(Pairing.enterprise_id, Pairing.housekeeper_id)
        .join(Pairing, sa.and_(Pairing.enterprise_id == Ticket.enterprise_id, _leads()))
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .where(
            Ticket.status == Status.ARCHIVED,
            Ticket.archived_at > at - LATEST,
            sa.or_(is_hard, _was_upheld()),
            Enterprise.closed_on.is_(None),
            _is_for_housekeepers(),
        )
        .order_by(Ticket.id)
    )
    later = timedelta(days=rules_at(at=at)[Rule.FOLLOW_UP_DAYS])
    return [_wanted(row, later) for row in db.session.execute(query)]


def _was_upheld() -> Condition:
    return sa.exists().where(
        Matter.ticket_id == Ticket.id,
        Matter.kind == MatterKind.RECTIFICATION,
        Matter.details["verdict"].astext == Verdict.UPHELD,
    )


def _is_for_housekeepers() -> Condition:
    """Not kept from the housekeeper, and not planned yet."""
    return sa.and_(
        sa.not_(Ticket.is_confidential),
        Ticket.complained_housekeeper_id.is_distinct_from(Pairing.housekeeper_id),
        sa.not_(sa.exists().where(FollowUpVisit.ticket_id == Ticket.id)),
    )


def _wanted(row: Any, later: timedelta) -> Wanted:
    due, kind = local_day(at=row.archived_at + later), FollowUpKind(row.kind)
    return Wanted(row.enterprise_id, row.housekeeper_id, kind, due, row.id)


def _yearly(at: datetime) -> list[Wanted]:
    since = at - timedelta(days=rules_at(at=at)[Rule.SILENCE_DAYS])
    heard = sa.exists().where(
        Ticket.enterprise_id == Pairing.enterprise_id, Ticket.submitted_at > since
    )
    visited = sa.exists().where(
        FollowUpVisit.enterprise_id == Pairing.enterprise_id,
        FollowUpVisit.planned_for > local_day(at=since),
    )
    query = (
        sa.select(Pairing.enterprise_id, Pairing.housekeeper_id)
        .join(Enterprise, Enterprise.id == Pairing.enterprise_id)
        .where(
            _leads(),
            Pairing.started_at <= since,
            Enterprise.closed_on.is_(None),
            Enterprise.visit_preference == "any",
            sa.not_(heard),
            sa.not_(visited),
        )
        .order_by(Pairing.started_at, Pairing.id)
        .limit(YEARLY_IN_A_RUN)
    )
    tomorrow = local_day(at=at) + timedelta(days=1)
    return [
        Wanted(row.enterprise_id, row.housekeeper_id, FollowUpKind.YEARLY, tomorrow)
        for row in db.session.execute(query)
    ]


def _leads() -> Condition:
    return sa.and_(Pairing.role == PairingRole.LEAD, Pairing.state.in_(STANDING))
