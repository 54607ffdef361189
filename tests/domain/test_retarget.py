"""重定时限: by a newer calendar only where it says so, by people for a reason."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain import ticket_flow
from app.domain.clock_moves import ClockMove
from app.domain.decisions.aftercare import NotYet
from app.domain.decisions.retarget import NothingToRetarget
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.retarget import CalendarFollowing, Retargeting
from app.domain.ladder import Ladder
from app.domain.permissions import Permission as Act
from app.domain.replay import ClockEvent, moves_in, replay
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment, Policy, Terms
from app.domain.ticket_state import Change
from app.domain.vocabulary import Status, TicketClass
from app.domain.work_calendar import WorkCalendar
from tests.domain.calendars import CALENDAR, SHIPPED, local
from tests.domain.stage import CO, LADDERS, LEAD, PLAYERS, POLICIES, RULES, Play, play_to, put_down
from tests.domain.story import MONDAY

REASON = "经会商认定为疑难诉求"


def edition(version: int, *, holidays: tuple[str, ...] = (), **changes) -> WorkCalendar:
    """The shipped calendar with more holidays in 2026, or other members."""
    year = SHIPPED["years"]["2026"]
    years = SHIPPED["years"] | {"2026": year | {"holidays": [*year["holidays"], *holidays]}}
    return WorkCalendar.from_document(version, SHIPPED | {"years": years} | changes)


def terms_with(newest: WorkCalendar) -> Terms:
    known = {1: CALENDAR, newest.version: newest}
    return Terms(newest, POLICIES, lambda version, _area: known[version], LADDERS, RULES)


def follow(play: Play, newest: WorkCalendar, at: str = "2026-06-02 09:00") -> Change:
    """The job's event of a ticket, put onto the play."""
    moment = Moment(local(at), terms_with(newest))
    facts, actor = CalendarFollowing(), PLAYERS["system"]
    change = ticket_flow.decide(play.state, Act.RETARGET, facts, actor, moment)
    play.state = put_down(play.state, change)
    play.events.append(change.event)
    return change


def by_hand(play: Play, at: str = "2026-06-02 09:00", **facts) -> Change:
    moment = Moment(local(at), terms_with(CALENDAR))
    actor = PLAYERS["coordinator"]
    change = ticket_flow.decide(
        play.state, Act.RETARGET, Retargeting(REASON, **facts), actor, moment
    )
    play.state = put_down(play.state, change)
    return change


def test_a_counted_day_that_becomes_a_holiday_moves_every_due_time_that_counts_it():
    play = play_to(Status.HANDLING)
    before = play.clock(ClockKind.OPINION, CO)
    change = follow(play, edition(2, holidays=("2026-06-08",)))
    assert play.clock(ClockKind.FINISH).due_at == local("2026-06-09 17:30")
    assert play.clock(ClockKind.ASSIGNMENT, LEAD).due_at == local("2026-06-09 17:30")
    assert play.clock(ClockKind.OPINION, CO) == before, "due on 4 June: it counts no changed day"
    assert change.values["due_at"] == local("2026-06-09 17:30")
    assert change.values["calendar_version"] == 2
    assert change.event.is_public
    assert change.outcome == "moved"
    assert change.event.facts["deadlines"] == [
        {
            "clock": "finish",
            "organisation_id": None,
            "due_before": local("2026-06-08 17:30").isoformat(),
            "due_at": local("2026-06-09 17:30").isoformat(),
        }
    ]
    assert [row["clock"] for row in change.event.facts["unit_deadlines"]] == ["assignment"]


@pytest.mark.parametrize("day", ["2026-06-09", "2026-05-29"])
def test_what_changes_before_the_start_or_after_the_end_leaves_a_ticket_alone(day):
    with pytest.raises(NotYet):
        follow(play_to(Status.ACCEPTED), edition(2, holidays=(day,)))


def test_changed_hours_move_working_minutes():
    play = play_to(Status.ACCEPTED, accept=Acceptance(TicketClass.NORMAL, "utilities"))
    newest = edition(2, periods=[["09:00", "12:00"], ["13:00", "17:00"]])
    follow(play, newest)
    assert play.clock(ClockKind.FINISH).due_at == local("2026-06-08 17:00")


def test_once_is_enough():
    play, newest = play_to(Status.ACCEPTED), edition(2, holidays=("2026-06-08",))
    follow(play, newest)
    with pytest.raises(NotYet):
        follow(play, newest)


def test_a_list_that_moves_nothing_takes_the_provisional_mark_off():
    at = local("2026-12-29 10:00")
    play = play_to(Status.ACCEPTED, at)
    years = SHIPPED["years"] | {"2027": SHIPPED["years"]["2027"] | {"status": "official"}}
    newest = WorkCalendar.from_document(2, SHIPPED | {"years": years})
    due = play.clock(ClockKind.FINISH).due_at
    change = follow(play, newest, "2026-12-30 10:00")
    assert due.year == 2027
    assert (play.clock(ClockKind.FINISH).due_at, change.outcome) == (due, "settled")


def test_a_paused_clock_follows_and_stays_paused():
    play = play_to(Status.SUBMITTED)
    play.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-02 10:00"))
    newest = edition(2, holidays=("2026-06-02",))
    change = follow(play, newest, "2026-06-02 11:00")
    clock = play.clock(ClockKind.ACCEPT)
    assert clock.remaining_seconds == 7.5 * 3600, "the whole of the next working day"
    assert change.values["remaining_seconds"] == clock.remaining_seconds


def test_a_limit_in_calendar_days_follows_no_calendar():
    play = play_to(Status.ACCEPTED, accept=Acceptance(TicketClass.ARREARS, "utilities"))
    change = follow(play, edition(2, holidays=("2026-06-08",)))
    assert ClockKind.FINISH not in {move.kind for move in moves_in(change.event.facts)}


def test_replay_gives_what_is_stored():
    play, newest = play_to(Status.HANDLING), edition(2, holidays=("2026-06-08",))
    follow(play, newest)
    known = {1: CALENDAR, 2: newest}
    events = [
        ClockEvent(one.round, one.at, known[one.facts["calendar_version"]], moves_in(one.facts))
        for one in play.events
    ]
    assert replay(events, lambda version, _: known[version], LADDERS) == {
        (one.round, one.kind, one.organisation_id): one for one in play.state.clocks
    }


def test_a_move_with_a_limit_survives_as_json():
    change = by_hand(play_to(Status.HANDLING), ticket_class=TicketClass.HARD)
    moves = moves_in(change.event.facts)
    assert moves[0].limit is not None
    assert [ClockMove.from_facts(move.to_facts()) for move in moves] == list(moves)


def test_people_set_another_class_by_todays_policies():
    play = play_to(Status.HANDLING)
    tighter = POLICIES | {
        (TicketClass.HARD, ClockKind.FINISH): Policy(
            900, 20, POLICIES[TicketClass.HARD, ClockKind.FINISH].unit
        )
    }
    ladders = {**LADDERS, 900: Ladder(yellow_percent=60)}
    today = replace(terms_with(CALENDAR), policies=tighter, ladders=ladders)
    begun = replace(terms_with(CALENDAR), ladders=ladders)
    moment = Moment(local("2026-06-02 09:00"), begun, today)
    facts = Retargeting(REASON, TicketClass.HARD)
    change = ticket_flow.decide(play.state, Act.RETARGET, facts, PLAYERS["supervisor"], moment)
    play.state = put_down(play.state, change)
    finish = play.clock(ClockKind.FINISH)
    assert (finish.limit_amount, finish.policy_id) == (20, 900)
    assert finish.started_at == MONDAY
    assert play.clock(ClockKind.ASSIGNMENT, LEAD).limit_amount == 30
    assert play.state.ticket_class is TicketClass.HARD
    assert play.state.policies_on == date(2026, 6, 2)
    assert change.event.is_public
    assert change.event.facts["reason"] == REASON


def test_a_retarget_without_any_change_is_refused():
    with pytest.raises(NothingToRetarget):
        by_hand(play_to(Status.HANDLING))


def test_a_later_round_has_half_the_limit():
    play = play_to(Status.COORDINATING)
    by_hand(play, "2026-06-03 09:00", ticket_class=TicketClass.HARD)
    assert play.clock(ClockKind.FINISH).limit_amount == 15


@pytest.mark.parametrize(("days", "finish"), [(None, 30), (60, 60), (90, 90)])
def test_arrears_take_thirty_days_and_ninety_at_most_from_submission(days, finish):
    play = play_to(Status.HANDLING, dispatch=None)
    by_hand(play, ticket_class=TicketClass.ARREARS, promised_days=days)
    assert play.clock(ClockKind.FINISH).limit_amount == finish


def test_arrears_never_take_longer():
    with pytest.raises(InvalidInput):
        by_hand(play_to(Status.HANDLING), ticket_class=TicketClass.ARREARS, promised_days=91)


def test_the_days_of_a_unit_end_with_those_of_the_ticket():
    play = play_to(Status.ACCEPTED)
    play.act(Act.DISPATCH, at=local("2026-06-11 11:00"))
    by_hand(play, "2026-06-12 09:00", ticket_class=TicketClass.ARREARS, promised_days=90)
    assert play.clock(ClockKind.ASSIGNMENT, LEAD).limit_amount == 80


@pytest.mark.parametrize(
    ("ticket_class", "days"), [(TicketClass.APPROVAL, None), (TicketClass.NORMAL, 5)]
)
def test_promised_days_belong_to_approval_items_and_arrears(ticket_class, days):
    with pytest.raises(InvalidInput):
        by_hand(play_to(Status.HANDLING), ticket_class=ticket_class, promised_days=days)


@pytest.mark.parametrize("part", ["housekeeper", "handler", "applicant", "unit_approver"])
def test_only_coordinators_and_supervisors_retarget(part):
    play = play_to(Status.HANDLING)
    with pytest.raises(Forbidden):
        play.try_to(Act.RETARGET, by=part)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.SUPPLEMENTING, Status.FEEDBACK])
def test_people_retarget_only_what_was_promised(status):
    with pytest.raises(IllegalTransition):
        play_to(status).try_to(Act.RETARGET)


def test_a_closed_ticket_never_changes():
    with pytest.raises(IllegalTransition):
        follow(play_to(Status.WITHDRAWN), edition(2, holidays=("2026-06-02",)))
