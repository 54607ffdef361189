"""督办阶梯: half-way quietly, then up from the unit to the leader; 2026-06-05 is a Friday."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decisions.aftercare import NotYet
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.late_rungs import LATE_RUNGS, late_instants
from app.domain.permissions import Permission as Act
from app.domain.sla import (
    Clock,
    ClockKind,
    Limit,
    Rung,
    Unit,
    mark,
    pause,
    resume,
    rung_due,
    start_clock,
    stop,
)
from app.domain.sla_clock import CLIMBING
from app.domain.vocabulary import Status
from app.domain.work_calendar import WorkCalendar
from tests.domain.calendars import CALENDAR, local
from tests.domain.ladders import FULL, terms_of
from tests.domain.stage import LEAD, play_to

FIVE_DAYS = Limit(5, Unit.WORKING_DAYS)
SECOND = timedelta(seconds=1)
RUNGS: list[tuple[str, Rung]] = [
    ("2026-06-10 17:30", Rung.ORDER),
    ("2026-06-15 17:30", Rung.BULLETIN),
    ("2026-06-23 17:30", Rung.ESCALATION),
]
"""Due on Monday the 8th at closing time; the 19th is Dragon Boat Festival."""


def clock_of(kind: ClockKind = ClockKind.FINISH) -> Clock:
    return start_clock(terms_of(kind, FIVE_DAYS), CALENDAR, at=local("2026-06-01 10:00"))


def late_clock() -> Clock:
    return mark(clock_of(), Rung.RED, at=local("2026-06-09 08:30"))


def test_the_late_rungs_count_working_days_from_the_due_time():
    assert clock_of().due_at == local("2026-06-08 17:30")
    assert list(clock_of().late_ats) == [local(at) for at, _ in RUNGS]


@pytest.mark.parametrize("kind", sorted(ClockKind))
def test_only_finish_and_assignment_climb(kind):
    clock = clock_of(kind)
    assert bool(clock.nudge_at and clock.climb_at) is (kind in CLIMBING)
    assert bool(clock.late_ats) is (kind in CLIMBING)


@pytest.mark.parametrize(("at", "rung"), RUNGS)
def test_each_late_rung_comes_at_closing_time_and_once(at: str, rung: Rung):
    clock = late_clock()
    for before in LATE_RUNGS[: LATE_RUNGS.index(rung)]:
        clock = mark(clock, before, at=local(at) - timedelta(days=1))
    assert rung_due(clock, at=local(at) - SECOND) is None
    assert rung_due(clock, at=local(at)) is rung
    assert rung_due(mark(clock, rung, at=local(at)), at=local(at)) is None


def test_of_late_rungs_that_were_missed_only_the_highest_is_given():
    clock, at = late_clock(), local("2026-07-20 10:00")
    assert rung_due(clock, at=at) is Rung.ESCALATION
    assert mark(clock, Rung.ESCALATION, at=at).climb_at is None


def test_nobody_climbs_without_the_red_card():
    clock, at = clock_of(), local("2026-07-20 10:00")
    assert rung_due(clock, at=at) is Rung.RED
    assert rung_due(mark(clock, Rung.RED, at=at), at=at) is Rung.ESCALATION


def test_a_clock_that_waits_or_has_stopped_does_not_climb():
    at, later = local("2026-06-09 09:00"), local("2026-07-20 10:00")
    paused = pause(late_clock(), CALENDAR, at=at)
    assert (paused.late_ats, paused.climb_at, paused.nudge_at) == ((), None, None)
    for clock in (paused, stop(late_clock(), at=at), stop(paused, at=at)):
        assert rung_due(clock, at=later) is None


def test_who_is_late_stays_on_the_rung_after_a_pause():
    ordered = mark(late_clock(), Rung.ORDER, at=local("2026-06-10 17:30"))
    held = pause(ordered, CALENDAR, at=local("2026-06-11 08:30"))
    resumed = resume(held, CALENDAR, FULL, at=local("2026-06-16 08:30"))
    assert resumed.late_rung is Rung.ORDER
    assert resumed.climb_at == resumed.late_ats[1]
    assert resumed.climb_at is not None
    assert resumed.climb_at > local("2026-06-15 17:30")


def test_a_clock_with_time_left_begins_at_the_foot():
    nudged = mark(clock_of(), Rung.NUDGE, at=local("2026-06-04 09:00"))
    held = pause(nudged, CALENDAR, at=local("2026-06-04 10:00"))
    resumed = resume(held, CALENDAR, FULL, at=local("2026-06-08 10:00"))
    assert (resumed.nudged_at, resumed.late_rung) == (None, None)
    assert rung_due(resumed, at=local("2026-06-08 10:00")) is Rung.NUDGE


def test_a_clock_begun_before_the_ladder_has_three_rungs():
    older = replace(late_clock(), nudge_at=None, late_ats=(), climb_at=None)
    assert rung_due(older, at=local("2026-07-20 10:00")) is None


def test_the_ladder_reaches_as_far_as_the_calendar():
    calendar = WorkCalendar(1, CALENDAR.periods, {2026: CALENDAR.years[2026]})
    due = local("2026-12-24 17:30")
    assert len(late_instants(calendar, due, FULL.late_days)) == 2


@pytest.mark.parametrize(("at", "rung"), RUNGS)
def test_a_late_rung_is_an_event_of_the_ticket(at, rung):
    play = play_to(Status.HANDLING)
    play.at = local("2026-06-09 09:00")
    play.act(Act.ISSUE_CARD, CardIssue(ClockKind.ASSIGNMENT, Rung.RED, LEAD), at=play.at)
    given = Reminding(ClockKind.ASSIGNMENT, LEAD, rung)
    play.at = local(at) - SECOND
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND, given)
    change = play.act(Act.REMIND, given, at=local(at))
    assert (change.outcome, change.event.facts["rung"]) == (rung, rung)
    assert play.clock(ClockKind.ASSIGNMENT, LEAD).late_rung is rung


def test_a_nudge_is_told_apart_from_the_reminder():
    play = play_to(Status.HANDLING)
    at = play.clock(ClockKind.ASSIGNMENT, LEAD).nudge_at
    change = play.act(Act.REMIND, Reminding(ClockKind.ASSIGNMENT, LEAD, Rung.NUDGE), at=at)
    assert change.outcome == "nudge_assignment"


def test_a_card_is_no_reminder():
    play = play_to(Status.HANDLING)
    play.at = local("2026-06-09 09:00")
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND, Reminding(ClockKind.ASSIGNMENT, LEAD, Rung.RED))
