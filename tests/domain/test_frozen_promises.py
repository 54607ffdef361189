"""What runs keeps its calendar and the ticket its policies; what begins, the newest calendar."""

from dataclasses import replace

import pytest

from app.domain import ticket_flow
from app.domain.clock_moves import Verb, board_of, moves_of
from app.domain.limits import Limit, Unit
from app.domain.permissions import Permission as Act
from app.domain.replay import ClockEvent, moves_in, replay
from app.domain.sla import WrongClockState, mark, pause, resume, retarget, start_clock, stop
from app.domain.sla_clock import Clock, ClockKind, Rung
from app.domain.terms import Moment, Policy, Terms
from app.domain.vocabulary import Status, TicketClass
from tests.domain import story
from tests.domain.calendars import CALENDAR, NIGHT_SHIFT, SHORT_DAYS, local, published
from tests.domain.ladders import FULL, terms_of
from tests.domain.stage import LADDERS, PLAYERS, POLICIES, RULES, Play, play_to, put_down, submitted
from tests.domain.story import MONDAY

NEWER = Terms(SHORT_DAYS, POLICIES, published, LADDERS, RULES)
FINISH = terms_of(ClockKind.FINISH, Limit(5, Unit.WORKING_DAYS))
HOURS = terms_of(ClockKind.FINISH, Limit(600, Unit.WORKING_MINUTES))


def act(play: Play, action: Act, at: str, terms: Terms = NEWER) -> Clock:
    """Take `action` under `terms`; the acceptance clock after it."""
    actor = PLAYERS[story.DOERS[action]]
    facts = story.usual_facts(action, 11, 12)
    change = ticket_flow.decide(play.state, action, facts, actor, Moment(local(at), terms))
    play.state = put_down(play.state, change)
    play.events.append(change.event)
    return play.clock(ClockKind.ACCEPT)


def test_a_running_clock_pauses_and_resumes_on_the_calendar_it_began_with():
    play, unchanged = submitted(), submitted()
    paused = act(play, Act.REQUEST_SUPPLEMENT, "2026-06-01 15:00")
    assert paused.remaining_seconds == 10 * 3600
    resumed = act(play, Act.SUPPLY, "2026-06-03 10:00")
    for action, at in ((Act.REQUEST_SUPPLEMENT, "15:00"), (Act.SUPPLY, "10:00")):
        day = "2026-06-01" if action is Act.REQUEST_SUPPLEMENT else "2026-06-03"
        unchanged.act(action, at=local(f"{day} {at}"))
    assert resumed == unchanged.clock(ClockKind.ACCEPT)
    assert resumed.calendar_version == 1


def test_the_ticket_shows_the_calendar_of_its_clock():
    play = submitted()
    act(play, Act.REQUEST_SUPPLEMENT, "2026-06-01 15:00")
    assert play.clock(ClockKind.SUPPLEMENT).calendar_version == 3
    change = ticket_flow.decide(
        play.state,
        Act.SUPPLY,
        story.USUAL[Act.SUPPLY],
        PLAYERS["applicant"],
        Moment(local("2026-06-03 10:00"), NEWER),
    )
    assert (change.values["calendar_version"], change.values["hours_area"]) == (1, "")


def test_replay_counts_each_clock_on_its_own_calendar():
    play = submitted()
    act(play, Act.REQUEST_SUPPLEMENT, "2026-06-01 15:00")
    act(play, Act.SUPPLY, "2026-06-03 10:00")
    events = [
        ClockEvent(
            event.round,
            event.at,
            published(event.facts["calendar_version"], ""),
            moves_in(event.facts),
        )
        for event in play.events
    ]
    assert replay(events, published, LADDERS) == {
        (one.round, one.kind, one.organisation_id): one for one in play.state.clocks
    }


def test_what_begins_begins_on_the_newest_calendar():
    play = submitted()
    act(play, Act.ACCEPT, "2026-06-01 11:00")
    assert play.clock(ClockKind.FINISH).calendar_version == 3
    assert play.clock(ClockKind.FINISH).due_at == local("2026-06-08 12:00")


def test_moves_on_several_clocks_use_the_calendar_of_each():
    clocks = [
        start_clock(replace(HOURS, kind=kind), calendar, at=MONDAY)
        for kind, calendar in ((ClockKind.FINISH, CALENDAR), (ClockKind.REVISIT, SHORT_DAYS))
    ]
    board = board_of(clocks, 1, Terms(NIGHT_SHIFT, POLICIES, published, LADDERS, RULES))
    at = local("2026-06-01 18:00")
    after = board.apply(moves_of(Verb.PAUSE, clocks), at=at)
    left = {kind: clock.remaining_seconds for (_, kind, _), clock in after.items()}
    assert left == {ClockKind.FINISH: 4 * 3600, ClockKind.REVISIT: 8 * 3600}


def test_limits_are_those_of_the_ticket_and_not_of_today():
    tighter = POLICIES | {
        (TicketClass.NORMAL, ClockKind.ASSIGNMENT): Policy(900, 1, Unit.WORKING_DAYS)
    }
    moment = Moment(
        local("2026-06-01 12:00"),
        Terms(CALENDAR, POLICIES, published, LADDERS, RULES),
        Terms(CALENDAR, tighter, published, LADDERS, RULES),
    )
    play = play_to(Status.ACCEPTED)
    facts, actor = story.usual_facts(Act.DISPATCH, 11, 12), PLAYERS["coordinator"]
    play.state = put_down(
        play.state, ticket_flow.decide(play.state, Act.DISPATCH, facts, actor, moment)
    )
    assert play.clock(ClockKind.ASSIGNMENT, 11).limit_amount == 5


def test_a_retargeted_clock_is_as_if_it_had_always_counted_like_that():
    began = start_clock(HOURS, CALENDAR, at=MONDAY)
    paused_at, resumed_at = local("2026-06-01 15:00"), local("2026-06-03 10:00")
    clock = resume(pause(began, CALENDAR, at=paused_at), CALENDAR, FULL, at=resumed_at)
    again = retarget(clock, HOURS, SHORT_DAYS, at=resumed_at)
    other = start_clock(HOURS, SHORT_DAYS, at=MONDAY)
    other = resume(pause(other, SHORT_DAYS, at=paused_at), SHORT_DAYS, FULL, at=resumed_at)
    assert again == other
    assert again.pauses == clock.pauses


def test_a_paused_clock_stays_paused():
    clock = pause(start_clock(HOURS, CALENDAR, at=MONDAY), CALENDAR, at=local("2026-06-01 15:00"))
    again = retarget(clock, HOURS, SHORT_DAYS, at=local("2026-06-02 10:00"))
    assert again.paused_at == clock.paused_at
    assert (again.due_at, again.remaining_seconds) == (None, 8 * 3600)


def test_a_stopped_clock_is_never_retargeted():
    clock = stop(start_clock(FINISH, CALENDAR, at=MONDAY), at=MONDAY)
    with pytest.raises(WrongClockState):
        retarget(clock, FINISH, SHORT_DAYS, at=MONDAY)


GIVEN = local("2026-06-08 17:00")
ALL_GIVEN = ("reminded_at", "warned_at", "overdue_at")


def test_who_climbed_late_rungs_stays_there_only_while_late():
    clock = start_clock(FINISH, CALENDAR, at=MONDAY)
    for rung in (Rung.RED, Rung.ORDER):
        clock = mark(clock, rung, at=local("2026-06-10 17:40"))
    at = local("2026-06-10 17:45")
    late = retarget(clock, replace(FINISH, limit=Limit(1, Unit.WORKING_DAYS)), CALENDAR, at=at)
    assert (late.late_rung, late.climb_at) == (Rung.ORDER, late.late_ats[1])
    ahead = retarget(clock, replace(FINISH, limit=Limit(30, Unit.WORKING_DAYS)), CALENDAR, at=at)
    assert (ahead.late_rung, ahead.climb_at) == (None, ahead.late_ats[0])


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        (5, {"reminded_at", "warned_at", "overdue_at"}),  # the same due time
        (4, {"reminded_at", "warned_at", "overdue_at"}),  # earlier: no second card for it
        (6, {"reminded_at"}),  # due tomorrow: the half-way reminder has its time behind it
        (30, set()),
    ],
)
def test_a_warning_is_given_afresh_only_where_its_time_moved_away(days, kept):
    clock = start_clock(FINISH, CALENDAR, at=MONDAY)
    for rung in (Rung.REMINDER, Rung.YELLOW, Rung.RED):
        clock = mark(clock, rung, at=GIVEN)
    terms = replace(FINISH, limit=Limit(days, Unit.WORKING_DAYS))
    again = retarget(clock, terms, CALENDAR, at=local("2026-06-08 17:45"))
    assert {name for name in ALL_GIVEN if getattr(again, name)} == kept
