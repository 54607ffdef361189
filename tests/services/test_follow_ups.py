"""跟踪回访: planned once, owed by who stands for the enterprise, told on the day, worked."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import InvalidInput, NotFound
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.aftercare import Rating
from app.domain.facts.rectification import ReviewVerdict
from app.domain.follow_ups import (
    UNWANTED,
    FollowUpKind,
    FollowUpOutcome,
    FollowUpSettled,
    FollowUpState,
    planned_for,
)
from app.domain.keyset import Page
from app.domain.periods import Period
from app.domain.permissions import Permission as Act
from app.domain.rating import Verdict
from app.domain.rules import Rule
from app.domain.vocabulary import Status, TicketClass
from app.models.enterprise import Enterprise
from app.models.follow_up import FollowUpVisit
from app.models.notification import Notification
from app.models.ticket import Ticket
from jobs.plan_follow_ups import plan_follow_ups
from services.aftercare import visits
from services.aftercare.visits import VisitReport
from services.pairing.follow_ups import hand_over_visits
from tests.domain.calendars import CALENDAR
from tests.factories import (
    MONDAY,
    make_cast,
    make_housekeeper,
    make_pairing,
    make_ticket,
)
from tests.factories.numbers import set_number

pytestmark = pytest.mark.usefixtures("database")

HARD = Acceptance(TicketClass.HARD, "utilities")
YEAR = timedelta(days=366)
WELL = VisitReport(is_reached=True, outcome=FollowUpOutcome.WELL, note="一切正常")
REST = ("dispatch", "give_opinion", "reply", "countersign", "rule_reply", "receive_feedback")


def planned() -> list[FollowUpVisit]:
    query = sa.select(FollowUpVisit).order_by(FollowUpVisit.id)
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def run(at=MONDAY) -> int:
    with clock.frozen(at):
        outcome = plan_follow_ups()
    assert outcome.notes == []
    return outcome.items


def wishes_none(enterprise_id: int) -> None:
    wish = sa.update(Enterprise).where(Enterprise.id == enterprise_id)
    db.session.execute(wish.values(visit_preference="only_when_asked"))


def archived_hard(cast=None):
    cast = cast or make_cast()
    case = make_ticket(Status.SUBMITTED, cast)
    case.act(Act.ACCEPT, HARD, by=cast.coordinator.actor)
    for action in REST:
        case.act(Act(action))
    for action in (Act.RECORD_REVISIT, Act.EVALUATE, Act.ARCHIVE):
        case.act(action)
    return case


def test_thirty_days_after_a_hard_one_was_archived_the_housekeeper_visits():
    case = archived_hard()
    assert run() == 1
    [visit] = planned()
    assert (visit.kind, visit.ticket_id) == (FollowUpKind.AFTER_HARD, case.ticket.id)
    assert visit.planned_for == date(2026, 7, 1)
    assert visit.housekeeper_id == case.cast.housekeeper_row.id
    assert (run(), len(planned())) == (0, 1)


def test_how_long_after_it_the_rule_says():
    set_number(Rule.FOLLOW_UP_DAYS, 10, "2026-05-01")
    archived_hard()
    assert run() == 1
    assert [visit.planned_for for visit in planned()] == [date(2026, 6, 11)]


def test_how_long_a_silence_may_be_the_rule_says():
    set_number(Rule.SILENCE_DAYS, 100, "2026-05-01")
    make_pairing(at=MONDAY)
    assert [run(MONDAY + timedelta(days=days)) for days in (99, 100)] == [0, 1]


def test_an_ordinary_one_is_not_visited():
    make_ticket(Status.ARCHIVED)
    assert run() == 0


def test_what_is_confidential_is_none_of_the_housekeepers_visits():
    case = archived_hard()
    hidden = sa.update(Ticket).where(Ticket.id == case.ticket.id).values(is_confidential=True)
    db.session.execute(sa.text("ALTER TABLE tickets DISABLE TRIGGER USER"))
    db.session.execute(hidden)
    assert run() == 0


def test_an_upheld_bad_rating_is_visited_too():
    case = make_ticket(Status.EVALUATING)
    case.act(Act.EVALUATE, Rating(1))
    case.act(Act.VERIFY_REVIEW, ReviewVerdict(Verdict.UPHELD, "核查属实"))
    for action in REST:
        case.act(Act(action))
    for action in (Act.RECORD_REVISIT, Act.EVALUATE, Act.ARCHIVE):
        case.act(action)
    assert run() == 1
    assert [visit.kind for visit in planned()] == [FollowUpKind.AFTER_BAD_REVIEW]


def test_a_year_of_silence_asks_for_a_contact_once():
    make_pairing()
    later = MONDAY + YEAR
    assert run() == 0
    assert run(later) == 1
    [visit] = planned()
    assert (visit.kind, visit.ticket_id) == (FollowUpKind.YEARLY, None)
    assert visit.planned_for == planned_for(CALENDAR, later.date() + timedelta(days=1))
    assert run(later) == 0
    assert run(later + timedelta(days=1)) == 0


def test_who_wants_no_visits_or_was_heard_is_left_alone():
    unwilling = make_pairing().enterprise_id
    wishes_none(unwilling)
    make_ticket(at=MONDAY + YEAR - timedelta(days=30))
    assert run(MONDAY + YEAR) == 0


def test_a_wish_that_comes_later_skips_what_was_planned():
    pairing = make_pairing()
    run(MONDAY + YEAR)
    wishes_none(pairing.enterprise_id)
    assert run(MONDAY + YEAR) == 1
    [visit] = planned()
    assert (visit.state, visit.note, visit.done_by) == (FollowUpState.SKIPPED, UNWANTED, None)


def test_the_housekeeper_is_told_on_the_day_and_once():
    cast = archived_hard().cast
    run()
    told = sa.select(Notification.account_id).where(Notification.kind == "follow_up_due")
    assert db.session.scalars(told).all() == []
    day = MONDAY + timedelta(days=30)
    assert run(day) == 1
    assert db.session.scalars(told).all() == [cast.housekeeper.account.id]
    assert run(day + timedelta(days=1)) == 0


def test_what_is_planned_goes_over_with_the_pairing():
    case = archived_hard()
    run()
    receiver = make_housekeeper()
    hand_over_visits([case.cast.enterprise.id], receiver.id)
    assert [visit.housekeeper_id for visit in planned()] == [receiver.id]
    assert run() == 1, "the pairing itself was not handed over: back to who stands for it"
    assert [visit.housekeeper_id for visit in planned()] == [case.cast.housekeeper_row.id]


def test_a_visit_is_settled_once_by_who_owes_it():
    case = archived_hard()
    run()
    [visit] = planned()
    keeper = case.cast.housekeeper.actor
    shown = visits.record_visit(keeper, visit.id, WELL, at=MONDAY)
    assert (shown["state"], shown["outcome"], shown["done_at"]) == ("done", "well", MONDAY)
    assert shown["ticket_number"] == case.number
    with pytest.raises(FollowUpSettled):
        visits.skip_visit(keeper, visit.id, "已当面了解", at=MONDAY)
    with pytest.raises(NotFound):
        visits.record_visit(make_cast().housekeeper.actor, visit.id, WELL, at=MONDAY)


def test_who_is_not_reached_has_no_outcome():
    case = archived_hard()
    run()
    [visit] = planned()
    keeper = case.cast.housekeeper.actor
    for wrong in (
        VisitReport(is_reached=False, outcome=FollowUpOutcome.WELL),
        VisitReport(is_reached=True),
    ):
        with pytest.raises(InvalidInput):
            visits.record_visit(keeper, visit.id, wrong, at=MONDAY)
    shown = visits.record_visit(keeper, visit.id, VisitReport(is_reached=False), at=MONDAY)
    assert (shown["state"], shown["outcome"]) == ("unreached", None)


def test_a_problem_that_was_told_leads_to_its_ticket():
    case = archived_hard()
    run()
    [visit] = planned()
    keeper = case.cast.housekeeper.actor
    foreign = make_ticket().number
    raised = make_ticket(cast=case.cast).number
    problem = FollowUpOutcome.PROBLEM
    with pytest.raises(InvalidInput):
        visits.record_visit(keeper, visit.id, VisitReport(True, problem, None, foreign), at=MONDAY)
    with pytest.raises(InvalidInput):
        visits.record_visit(
            keeper, visit.id, VisitReport(True, FollowUpOutcome.WELL, None, raised), at=MONDAY
        )
    shown = visits.record_visit(
        keeper, visit.id, VisitReport(True, problem, None, raised), at=MONDAY
    )
    assert shown["raised_ticket_number"] == raised


def test_the_queue_and_the_counts_are_those_within_reach():
    case = archived_hard()
    run()
    cast, page = case.cast, Page(10)
    keeper, chief = cast.housekeeper.actor, cast.supervisor.actor
    for reader in (keeper, chief, cast.coordinator.actor):
        found, _ = visits.list_visits(reader, None, page, is_due=False, at=MONDAY)
        assert [one["ticket_number"] for one in found] == [case.number]
    assert visits.list_visits(keeper, None, page, is_due=True, at=MONDAY) == ([], None)
    done = FollowUpState.DONE
    assert visits.list_visits(keeper, done, page, is_due=False, at=MONDAY) == ([], None)
    other = make_cast().housekeeper.actor
    assert visits.list_visits(other, None, page, is_due=False, at=MONDAY) == ([], None)
    july = Period(date(2026, 7, 1), date(2026, 8, 1))
    first = visits.count_visits(chief, july)[0]
    assert (first["kind"], first["total"], first["planned"]) == (FollowUpKind.AFTER_HARD, 1, 1)
    june = Period(date(2026, 6, 1), date(2026, 7, 1))
    assert visits.count_visits(chief, june)[0]["total"] == 0
