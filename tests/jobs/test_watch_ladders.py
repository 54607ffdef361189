"""Policies say which rungs the watch gives, and it asks as the rule of a clock does."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain import sla
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.ladder import NO_RUNGS, Ladder
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import Status, TicketClass
from app.models.ticket_event import TicketEvent
from jobs.audit_deadlines import audit_deadlines
from jobs.watch_deadlines import WATCH, watch_deadlines
from services.tickets.due import due_warnings
from services.tickets.read_state import read_ticket
from tests.domain.calendars import local
from tests.domain.ladders import FULL
from tests.factories import Case, make_ticket
from tests.policies import set_ladder

pytestmark = pytest.mark.usefixtures("database")


def contacted(status: Status = Status.SUBMITTED) -> Case:
    """A ticket submitted on Monday at ten, whose contact clock is out of the way."""
    case = make_ticket(status)
    case.act(Act.FIRST_CONTACT)
    return case


def warnings() -> list[tuple[str, str]]:
    query = sa.select(TicketEvent.facts).where(TicketEvent.action.in_(("remind", "issue_card")))
    rows = db.session.scalars(query.order_by(TicketEvent.at, TicketEvent.seq))
    return [(row["clock"], row["rung"]) for row in rows]


def watched(at: str) -> list[tuple[str, str]]:
    """The warnings that a watch at `at` gives: clock and rung."""
    before = len(warnings())
    with clock.frozen(local(at)):
        watch_deadlines()
    return warnings()[before:]


INSTANTS = [
    *("2026-06-01 12:00", "2026-06-01 12:00:01", "2026-06-02 11:00", "2026-06-02 14:07:30"),
    *("2026-06-02 16:09", "2026-06-02 17:30", "2026-06-03 09:00", "2026-06-04 09:00"),
    *("2026-06-04 17:00", "2026-06-05 15:00", "2026-06-08 16:00", "2026-06-08 17:30:01"),
    *("2026-06-09 17:30", "2026-06-11 17:30", "2026-06-12 10:00", "2026-06-15 17:30"),
]


THINNED = [
    FULL,
    Ladder(nudge_percent=50),
    Ladder(remind_percent=50),
    Ladder(yellow_percent=50),
    Ladder(nudge_percent=30, yellow_percent=80),
    Ladder(remind_percent=40, escalation_days=1),
    Ladder(order_days=1, escalation_days=3),
    NO_RUNGS,
]
"""Ladders of which each lacks others of the rungs."""


@pytest.mark.parametrize("ladder", THINNED)
def test_the_sweep_asks_for_what_the_rule_of_the_clock_says(ladder):
    set_ladder(ladder, ClockKind.FINISH, ClockKind.ASSIGNMENT)
    three = replace(ladder, nudge_percent=None, order_days=None, escalation_days=None)
    set_ladder(replace(three, bulletin_days=None), ClockKind.ACCEPT, ClockKind.OPINION)
    urgent = Acceptance(TicketClass.URGENT, "utilities")
    cases = [contacted(), make_ticket(), make_ticket(Status.ACCEPTED, accept=urgent)]
    cases += [make_ticket(status) for status in (Status.HANDLING, Status.REVISITING)]
    cases += [make_ticket(status) for status in (Status.SUPPLEMENTING, Status.EVALUATING)]
    watched("2026-06-02 16:30")
    asked_as_ruled(cases)
    watched("2026-06-09 10:00")
    asked_as_ruled(cases)


def asked_as_ruled(cases: list[Case]) -> None:
    """What is asked for at each instant is what the clocks of the cases are due."""
    clocks = {
        (case.number, clock) for case in cases for clock in read_ticket(WATCH, case.number).clocks
    }
    for at in map(local, INSTANTS):
        due = {(number, clock.kind, sla.rung_due(clock, at=at)) for number, clock in clocks}
        asked = {
            (each.number, each.facts.clock, rung_of(each.facts)) for each in due_warnings(at=at)
        }
        assert asked == {warning for warning in due if warning[2]}


def test_a_nudge_without_a_reminder_and_a_reminder_without_a_card_to_come():
    set_ladder(Ladder(nudge_percent=50), ClockKind.FINISH)
    set_ladder(Ladder(remind_percent=50), ClockKind.ASSIGNMENT)
    contacted(Status.HANDLING)
    own = {("finish", "nudge"), ("assignment", "reminder")}
    assert own <= set(watched("2026-06-08 17:30"))
    assert own.isdisjoint(watched("2026-06-08 17:30"))
    assert set(watched("2026-06-08 17:31")) == {("finish", "red"), ("assignment", "red")}


def test_who_is_late_climbs_only_the_rungs_that_there_are():
    set_ladder(Ladder(bulletin_days=2), ClockKind.FINISH)
    set_ladder(Ladder(order_days=1, escalation_days=3), ClockKind.ASSIGNMENT)
    contacted(Status.HANDLING)
    watched("2026-06-08 17:31")
    assert watched("2026-06-09 17:30") == [("assignment", "order")]
    assert watched("2026-06-10 17:30") == [("finish", "bulletin")]
    assert watched("2026-06-11 17:30") == [("assignment", "escalation")]
    assert watched("2026-07-20 10:00") == []
    assert audit_deadlines().failures == 0


def rung_of(given: Reminding | CardIssue) -> sla.Rung:
    return given.rung
