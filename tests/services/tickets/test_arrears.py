"""拖欠账款: the time to hand them over, for the enterprise, for the audit, and in its warnings."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.retarget import Retargeting
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status, TicketClass
from app.models.sla import SlaClock
from app.models.supervision import Card
from jobs.audit_deadlines import audit_deadlines
from services.tickets.deadlines import explain_deadlines
from tests.domain.calendars import local
from tests.factories import Case, make_ticket
from tests.services.supervision.late import told, watch

pytestmark = pytest.mark.usefixtures("database")

LAST_MOMENT = local("2026-06-15 17:30")


def accepted(ticket_class: TicketClass = TicketClass.ARREARS) -> Case:
    return make_ticket(Status.ACCEPTED, accept=Acceptance(ticket_class, "arrears"))


def due(case: Case) -> datetime | None:
    """When it has to be handed over; None once it is."""
    running = sa.select(SlaClock.due_at).where(
        SlaClock.ticket_id == case.ticket.id,
        SlaClock.kind == "transfer",
        SlaClock.stopped_at.is_(None),
    )
    return db.session.scalars(running).one_or_none()


def test_the_enterprise_reads_until_when_it_is_handed_over():
    case = accepted()
    clocks = explain_deadlines(case.cast.applicant.actor, case.number, at=case.at)["clocks"]
    [shown] = [one for one in clocks if one["kind"] == "transfer"]
    assert (shown["due_at"], shown["label"]) == (LAST_MOMENT, "拖欠账款转送时限")
    assert shown["is_leading"] is False


def test_it_follows_from_the_events_whatever_happens():
    case = accepted()
    assert due(case) == LAST_MOMENT
    case.act(Act.DISPATCH)
    assert due(case) is None
    for action in (Act.REQUEST_RETURN, Act.CONSENT_RETURN, Act.RULE_RETURN):
        case.act(action)
    assert due(case) == LAST_MOMENT
    assert audit_deadlines().failures == 0
    case.act(Act.RETARGET, Retargeting("并非拖欠账款", ticket_class=TicketClass.HARD))
    assert due(case) is None
    case.act(Act.RETARGET, Retargeting("仍是拖欠账款", ticket_class=TicketClass.ARREARS))
    assert due(case) == LAST_MOMENT
    assert audit_deadlines().failures == 0


def test_who_has_not_handed_it_over_is_warned_and_gets_a_card():
    case = accepted()
    case.act(Act.FIRST_CONTACT)
    watch(local("2026-06-15 17:00"), local("2026-06-15 17:31"))
    query = sa.select(Card.rung, Card.organisation_id).filter_by(clock="transfer")
    assert set(db.session.execute(query)) == {("yellow", None), ("red", None)}
    assert case.cast.coordinator.account.id in told("overdue")
