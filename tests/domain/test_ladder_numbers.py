"""The numbers of a ladder are its policy's: what runs keeps them, what is left out is not there."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import ticket_flow
from app.domain.clock_moves import ClockBoard, ClockMove, Verb
from app.domain.decisions.retarget import NothingToRetarget
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.retarget import CalendarFollowing, Retargeting
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.ladder import NO_RUNGS, Ladder, Ladders
from app.domain.late_rungs import late_reached, next_late
from app.domain.limits import Limit, Unit
from app.domain.permissions import Permission as Act
from app.domain.replay import ClockEvent, replay
from app.domain.sla import mark, rung_due, start_clock
from app.domain.sla_clock import Clock, ClockKind, Rung
from app.domain.terms import Moment, Policy, Terms
from app.domain.ticket_records import BulletinEntry, ProposedOrder
from app.domain.ticket_state import Change
from app.domain.vocabulary import Status, TicketClass
from tests.domain import story
from tests.domain.calendars import CALENDAR, SHORT_DAYS, local, published
from tests.domain.ladders import FULL, ladders_for, terms_of
from tests.domain.stage import LADDERS, LEAD, PLAYERS, POLICIES, RULES, Play, play_to, put_down
from tests.domain.story import MONDAY

WD = Unit.WORKING_DAYS
OF_NORMAL = (TicketClass.NORMAL, ClockKind.FINISH)
EARLY = Ladder(20, 40, None, 60, 1, 3, 4)
LATE = local("2026-07-20 10:00")
"""Long after everything is due."""


def terms_with(ladder: Ladder, number: int = 900, terms: Terms | None = None) -> Terms:
    """The terms with another policy to finish, of the usual five days, and its ladder."""
    known = terms or Terms(CALENDAR, POLICIES, published, LADDERS, RULES)
    return replace(
        known,
        policies={**known.policies, OF_NORMAL: Policy(number, 5, WD)},
        ladders={**known.ladders, number: ladder},
    )


def act(play: Play, action: Act, facts: object, moment: Moment, by: str) -> Change:
    change = ticket_flow.decide(play.state, action, facts, PLAYERS[by], moment)
    play.state = put_down(play.state, change)
    return change


def accepted(terms: Terms) -> Play:
    """A normal ticket whose clock to finish began under `terms`."""
    play, facts = play_to(Status.SUBMITTED), Acceptance(TicketClass.NORMAL, "utilities")
    act(play, Act.ACCEPT, facts, Moment(local("2026-06-01 11:00"), terms), "coordinator")
    return play


def clock_with(ladder: Ladder, kind: ClockKind = ClockKind.FINISH) -> Clock:
    return start_clock(terms_of(kind, Limit(5, WD), ladder=ladder), CALENDAR, at=MONDAY)


def rungs_of(clock: Clock) -> tuple[object, ...]:
    return (clock.nudge_at, clock.remind_at, clock.yellow_at, clock.late_ats, clock.climb_at)


def test_a_clock_warns_by_the_numbers_of_its_policy():
    clock = accepted(terms_with(EARLY)).clock(ClockKind.FINISH)
    assert (clock.policy_id, clock.due_at) == (900, local("2026-06-08 17:30"))
    assert rungs_of(clock) == rungs_of(clock_with(EARLY))
    assert clock.yellow_at == local("2026-06-04 15:06")
    days = ["2026-06-09", "2026-06-11", "2026-06-12"]
    assert list(clock.late_ats) == [local(f"{day} 17:30") for day in days]


def test_what_runs_keeps_its_ladder_when_a_newer_policy_holds():
    old = terms_with(EARLY)
    play, newer = accepted(old), terms_with(FULL, 901, old)
    before = play.clock(ClockKind.FINISH)
    deeds = {
        Act.REQUEST_SUSPENSION: ("12:00", "second_coordinator"),
        Act.RULE_SUSPENSION: ("12:10", "coordinator"),
        Act.RESUME: ("13:00", "coordinator"),
    }
    for action, (hour, by) in deeds.items():
        at = local(f"2026-06-01 {hour}")
        act(play, action, story.usual_facts(action, 11, 12, at), Moment(at, newer), by)
        assert play.clock(ClockKind.FINISH).is_paused is (action is Act.RULE_SUSPENSION)
    assert rungs_of(play.clock(ClockKind.FINISH)) == rungs_of(before)


def test_a_newer_calendar_leaves_the_ladder_as_it_was():
    old = terms_with(EARLY)
    play = accepted(old)
    newer = replace(terms_with(FULL, 901, old), calendar=SHORT_DAYS)
    moment = Moment(local("2026-06-01 15:00"), newer)
    act(play, Act.RETARGET, CalendarFollowing(), moment, "system")
    clock = play.clock(ClockKind.FINISH)
    terms = terms_of(ClockKind.FINISH, Limit(5, WD), ladder=EARLY)
    assert (clock.policy_id, clock.calendar_version) == (900, SHORT_DAYS.version)
    assert rungs_of(clock) == rungs_of(start_clock(terms, SHORT_DAYS, at=MONDAY))


def test_a_retarget_by_hand_takes_over_the_ladder_of_today_though_nothing_else_is_new():
    old = terms_with(EARLY)
    play, today = accepted(old), terms_with(FULL, 901, old)
    begun = replace(old, ladders=today.ladders)
    given, at = Retargeting("按新标准重定"), local("2026-06-01 15:00")
    with pytest.raises(NothingToRetarget):
        act(play, Act.RETARGET, given, Moment(at, begun), "coordinator")
    act(play, Act.RETARGET, given, Moment(at, begun, today), "coordinator")
    clock = play.clock(ClockKind.FINISH)
    assert (clock.policy_id, clock.due_at) == (901, local("2026-06-08 17:30"))
    assert rungs_of(clock) == rungs_of(clock_with(FULL))


def test_a_clock_begins_by_a_policy():
    board = ClockBoard({}, 1, CALENDAR, published, LADDERS)
    with pytest.raises(ValueError, match="by a policy"):
        board.apply([ClockMove(Verb.START, ClockKind.FINISH, limit=Limit(5, WD))], at=MONDAY)


@pytest.mark.parametrize("left_out", ["nudge_percent", "remind_percent", "yellow_percent"])
def test_a_rung_that_is_left_out_keeps_none_of_the_others_away(left_out):
    clock = clock_with(replace(FULL, **{left_out: None}))
    others = {
        "nudge_percent": ("2026-06-04 10:00", Rung.NUDGE),
        "remind_percent": ("2026-06-05 14:10", Rung.REMINDER),
        "yellow_percent": ("2026-06-08 14:00", Rung.YELLOW),
    }
    for name, (at, rung) in others.items():
        if name != left_out:
            assert rung_due(clock, at=local(at)) is rung
    assert rung_due(clock, at=local("2026-06-08 17:31")) is Rung.RED


def test_without_reminder_and_yellow_the_nudge_stands_until_the_clock_is_due():
    clock = clock_with(Ladder(nudge_percent=50))
    assert rung_due(clock, at=local("2026-06-08 17:30")) is Rung.NUDGE
    assert rung_due(clock, at=local("2026-06-08 17:31")) is Rung.RED


def test_without_any_rung_there_is_the_red_card_alone():
    clock = clock_with(NO_RUNGS)
    assert rungs_of(clock) == (None, None, None, (), None)
    assert rung_due(clock, at=local("2026-06-08 17:30")) is None
    red = mark(clock, Rung.RED, at=LATE)
    assert (rung_due(clock, at=LATE), rung_due(red, at=LATE)) == (Rung.RED, None)


@pytest.mark.parametrize(
    ("name", "rung"),
    [
        ("order_days", Rung.ORDER),
        ("bulletin_days", Rung.BULLETIN),
        ("escalation_days", Rung.ESCALATION),
    ],
)
def test_a_late_rung_needs_no_earlier_one(name: str, rung: Rung):
    red = mark(clock_with(Ladder(**{name: 3})), Rung.RED, at=local("2026-06-09 08:30"))
    at = local("2026-06-11 17:30")
    assert (red.climb_at, rung_due(red, at=at - timedelta(seconds=1))) == (at, None)
    assert rung_due(red, at=at) is rung
    climbed = mark(red, rung, at=at)
    assert (climbed.late_rung, climbed.climb_at, rung_due(climbed, at=LATE)) == (rung, None, None)


def test_the_places_of_rungs_that_are_left_out_stay_empty():
    first, last = local("2026-06-09 17:30"), local("2026-06-12 17:30")
    assert clock_with(replace(EARLY, bulletin_days=None)).late_ats == (first, None, last)
    assert clock_with(replace(EARLY, escalation_days=None, bulletin_days=None)).late_ats == (first,)
    assert next_late((first, None, last), Rung.ORDER) == last
    assert next_late((None, None, last), None) == last
    assert late_reached((first, None, last), at=last - timedelta(seconds=1)) is Rung.ORDER


@pytest.mark.parametrize(
    ("ladder", "rung", "papers"),
    [
        (EARLY, Rung.ESCALATION, [ProposedOrder, BulletinEntry]),
        (replace(EARLY, order_days=None), Rung.ESCALATION, [BulletinEntry]),
        (replace(EARLY, bulletin_days=None), Rung.ESCALATION, [ProposedOrder]),
        (Ladder(escalation_days=4), Rung.ESCALATION, []),
    ],
)
def test_a_rung_that_is_left_out_leaves_no_papers(ladder, rung, papers):
    moment = Moment(LATE, terms_with(ladder))
    play = accepted(moment.terms)
    dispatch = story.usual_facts(Act.DISPATCH, 11, 12)
    act(
        play, Act.DISPATCH, dispatch, Moment(local("2026-06-01 12:00"), moment.terms), "coordinator"
    )
    act(play, Act.ISSUE_CARD, CardIssue(ClockKind.FINISH, Rung.RED), moment, "system")
    change = act(play, Act.REMIND, Reminding(ClockKind.FINISH, None, rung), moment, "system")
    written = [one for one in change.records if not isinstance(one, Clock)]
    assert [type(one) for one in written] == papers
    for one in written:
        assert one.organisation_id == LEAD
        if isinstance(one, ProposedOrder):
            assert one.grounds == "超期满 1 个工作日仍未办结"


KINDS = (ClockKind.FINISH, ClockKind.ASSIGNMENT, ClockKind.ACCEPT, ClockKind.SUPPLEMENT)
AMOUNTS = st.builds(Limit, st.integers(1, 20), st.sampled_from([WD, Unit.DAYS]))
VERBS = (*Verb,)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Ladders, list[ClockEvent]]:
    """Ladders of some policies, and events that start a clock under one and then move it."""
    kind = draw(st.sampled_from(KINDS))
    own: dict[int | None, Ladder] = {number: draw(ladders_for(kind)) for number in range(3)}
    ladders, at = {None: NO_RUNGS, **own}, MONDAY
    begin = ClockMove(Verb.START, kind, limit=draw(AMOUNTS), policy_id=0)
    board = ClockBoard({}, 1, CALENDAR, published, ladders)
    board = replace(board, clocks=board.apply([begin], at=at))
    events = [ClockEvent(1, at, CALENDAR, (begin,))]
    for verb in draw(st.lists(st.sampled_from(VERBS), max_size=12)):
        at += timedelta(seconds=draw(st.integers(0, 4 * 86_400)))
        [clock] = board.clocks.values()
        move = _possible(draw, verb, clock, at)
        if move is not None:
            board = replace(board, clocks=board.apply([move], at=at))
            events.append(ClockEvent(1, at, CALENDAR, (move,)))
    return ladders, events


def _possible(draw: st.DrawFn, verb: Verb, clock: Clock, at: datetime) -> ClockMove | None:
    """The move, if the clock can be moved so; of warnings the one that is due."""
    plain = ClockMove(verb, clock.kind)
    if verb is Verb.RETARGET and not clock.is_stopped:
        limit = draw(st.none() | AMOUNTS)
        return replace(plain, limit=limit, policy_id=draw(st.integers(0, 2)) if limit else None)
    if verb is Verb.EXTEND and not clock.is_stopped:
        return replace(plain, limit=Limit(draw(st.integers(1, 5)), clock.limit_unit))
    can = {Verb.PAUSE: clock.is_running, Verb.RESUME: clock.is_paused}
    can |= {Verb.STOP: not clock.is_stopped, Verb.REOPEN: clock.is_stopped}
    if verb in can:
        return plain if can[verb] else None
    due = rung_due(clock, at=at)
    return ClockMove(Verb(due.value), clock.kind) if due else None


@given(histories())
def test_what_is_replayed_from_json_is_what_was_stored_whatever_the_ladders(history):
    ladders, events = history
    board = ClockBoard({}, 1, CALENDAR, published, ladders)
    for event in events:
        board = replace(board, clocks=board.apply(event.moves, at=event.at))
    told = [
        replace(one, moves=tuple(ClockMove.from_facts(move.to_facts()) for move in one.moves))
        for one in events
    ]
    assert replay(told, published, ladders) == board.clocks


@given(histories())
def test_a_running_clock_has_the_rungs_of_its_own_policy_and_no_others(history):
    ladders, events = history
    [clock] = replay(events, published, ladders).values()
    ladder = ladders[clock.policy_id]
    runs = clock.due_at is not None
    assert (clock.nudge_at is not None) is (runs and ladder.nudge_percent is not None)
    assert (clock.yellow_at is not None) is (runs and ladder.yellow_percent is not None)
    found = [instant is not None for instant in clock.late_ats]
    there = [days is not None for days in ladder.late_days]
    assert found == (there[: len(found)] if runs else [])
    assert any(there[len(found) :]) is False or not runs
