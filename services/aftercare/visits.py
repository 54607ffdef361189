"""跟踪回访: the queue, what came of a visit, why one is skipped, and how many there were."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput, NotFound
from app.domain.follow_ups import (
    KIND_LABELS,
    STATE_LABELS,
    FollowUpKind,
    FollowUpOutcome,
    FollowUpSettled,
    FollowUpState,
)
from app.domain.keyset import Page
from app.domain.periods import Period
from app.domain.permissions import Permission
from app.models.enterprise import Enterprise
from app.models.follow_up import FollowUpVisit
from app.models.housekeeper import Housekeeper
from app.models.ticket import Ticket
from services import audit
from services.paging import ascending, fetch_page
from services.tickets.terms import local_day
from services.visibility.follow_ups import reached_visits
from services.visibility.tickets import visible_tickets

SOONEST_FIRST = ascending("soonest-visit", FollowUpVisit.planned_for, FollowUpVisit.id)


@dataclass(frozen=True, slots=True)
class VisitReport:
    """What came of a visit. A problem may have become a ticket, which is named."""

    is_reached: bool
    outcome: FollowUpOutcome | None = None
    note: str | None = None
    raised_ticket_number: str | None = None


_VISITS = (
    sa.select(
        *FollowUpVisit.__table__.columns,
        Enterprise.name.label("enterprise_name"),
        Housekeeper.name.label("housekeeper_name"),
        Ticket.number.label("ticket_number"),
    )
    .join_from(FollowUpVisit, Enterprise, Enterprise.id == FollowUpVisit.enterprise_id)
    .join(Housekeeper, Housekeeper.id == FollowUpVisit.housekeeper_id)
    .outerjoin(Ticket, Ticket.id == FollowUpVisit.ticket_id)
)


def list_visits(
    actor: Actor, state: FollowUpState | None, page: Page, *, is_due: bool, at: datetime
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of the visits within reach, the soonest first, and the next cursor."""
    query = _VISITS.where(reached_visits(actor, Permission.READ_FOLLOW_UPS))
    if state is not None:
        query = query.where(FollowUpVisit.state == state)
    if is_due:
        query = query.where(FollowUpVisit.planned_for <= local_day(at=at))
    found = fetch_page(query, SOONEST_FIRST, page)
    return [_shown(row) for row in found.rows], found.next_cursor


def record_visit(
    actor: Actor, visit_id: int, report: VisitReport, *, at: datetime
) -> dict[str, Any]:
    """What came of it. Raises `NotFound`, `FollowUpSettled`, `InvalidInput`."""
    visit = _locked(actor, visit_id)
    _check(actor, visit, report)
    visit.state = FollowUpState.DONE if report.is_reached else FollowUpState.UNREACHED
    visit.outcome, visit.note = report.outcome, report.note
    visit.raised_ticket_number = report.raised_ticket_number
    return _settled(actor, visit, "record_follow_up", at)


def skip_visit(actor: Actor, visit_id: int, reason: str, *, at: datetime) -> dict[str, Any]:
    """It need not be, for a reason. Raises `NotFound`, `FollowUpSettled`."""
    visit = _locked(actor, visit_id)
    visit.state, visit.note = FollowUpState.SKIPPED, reason
    return _settled(actor, visit, "skip_follow_up", at)


def count_visits(actor: Actor, period: Period) -> list[dict[str, Any]]:
    """How many were planned for the days of the period, by kind, and what became of them."""
    query = (
        sa.select(FollowUpVisit.kind, FollowUpVisit.state, FollowUpVisit.outcome)
        .add_columns(sa.func.count().label("count"))
        .join_from(FollowUpVisit, Enterprise, Enterprise.id == FollowUpVisit.enterprise_id)
        .join(Housekeeper, Housekeeper.id == FollowUpVisit.housekeeper_id)
        .where(reached_visits(actor, Permission.READ_FOLLOW_UPS))
        .where(FollowUpVisit.planned_for >= period.first, FollowUpVisit.planned_for < period.end)
        .group_by(FollowUpVisit.kind, FollowUpVisit.state, FollowUpVisit.outcome)
    )
    lines = {kind: _empty(kind) for kind in FollowUpKind}
    for row in db.session.execute(query):
        line = lines[FollowUpKind(row.kind)]
        line["total"] += row.count
        line[row.state] += row.count
        line["problems"] += row.count if row.outcome == FollowUpOutcome.PROBLEM else 0
    return list(lines.values())


def _empty(kind: FollowUpKind) -> dict[str, Any]:
    counts = dict.fromkeys(("total", *(state.value for state in FollowUpState), "problems"), 0)
    return {"kind": kind, "kind_label": KIND_LABELS[kind], **counts}


def _locked(actor: Actor, visit_id: int) -> FollowUpVisit:
    query = (
        sa.select(FollowUpVisit)
        .join(Enterprise, Enterprise.id == FollowUpVisit.enterprise_id)
        .join(Housekeeper, Housekeeper.id == FollowUpVisit.housekeeper_id)
        .where(FollowUpVisit.id == visit_id, reached_visits(actor, Permission.WORK_FOLLOW_UPS))
        .with_for_update(of=FollowUpVisit)
    )
    visit = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if visit is None:
        raise NotFound
    if visit.state != FollowUpState.PLANNED:
        raise FollowUpSettled
    return visit


def _check(actor: Actor, visit: FollowUpVisit, report: VisitReport) -> None:
    if report.is_reached != (report.outcome is not None):
        detail = "联系上的须填写结果，未联系上的不填。"
        raise InvalidInput([FieldError("/outcome", "required", detail)])
    number = report.raised_ticket_number
    if number is None:
        return
    if report.outcome is not FollowUpOutcome.PROBLEM:
        detail = "企业提出问题的才登记诉求编号。"
        raise InvalidInput([FieldError("/raised_ticket_number", "no-problem", detail)])
    known = sa.exists().where(
        Ticket.number == number,
        Ticket.enterprise_id == visit.enterprise_id,
        visible_tickets(actor),
    )
    if not db.session.scalar(sa.select(known)):
        detail = "该企业没有这件诉求。"
        raise InvalidInput([FieldError("/raised_ticket_number", "unknown-ticket", detail)])


def _settled(actor: Actor, visit: FollowUpVisit, deed: str, at: datetime) -> dict[str, Any]:
    visit.done_by, visit.done_at = actor.account_id, at
    db.session.flush()
    audit.record(actor, deed, f"follow_up_visit:{visit.id}")
    return _shown(db.session.execute(_VISITS.where(FollowUpVisit.id == visit.id)).one())


_TOLD = (
    *("id", "kind", "enterprise_id", "enterprise_name", "ticket_number", "housekeeper_id"),
    *("housekeeper_name", "planned_for", "state", "outcome", "note", "raised_ticket_number"),
    "done_at",
)


def _shown(row: Any) -> dict[str, Any]:
    return {
        **{name: row._mapping[name] for name in _TOLD},
        "kind_label": KIND_LABELS[FollowUpKind(row.kind)],
        "state_label": STATE_LABELS[FollowUpState(row.state)],
    }
