"""Clocks by the published examples; 2026-06-05 is a Friday."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.sla import (
    CARDS,
    Clock,
    ClockKind,
    ClockTerms,
    Light,
    Limit,
    Rung,
    Unit,
    WrongClockState,
    light,
    mark,
    pause,
    resume,
    rung_due,
    seconds_left,
    start_clock,
    stop,
)
from app.domain.work_calendar import UnknownCalendarYear
from tests.domain.calendars import CALENDAR, local
from tests.domain.ladders import FULL, terms_of

WM, WD, MINUTES, DAYS = Unit.WORKING_MINUTES, Unit.WORKING_DAYS, Unit.MINUTES, Unit.DAYS
SECOND = timedelta(seconds=1)


def started(at, amount, unit, kind=ClockKind.FINISH) -> Clock:
    return start_clock(terms_of(kind, Limit(amount, unit)), CALENDAR, at=local(at))


def reminded(clock: Clock) -> Clock:
    """With its reminder given: what is told of here are the cards."""
    return mark(clock, Rung.REMINDER, at=clock.started_at)


@pytest.mark.parametrize(
    ("at", "amount", "unit", "due", "yellow"),
    [
        ("2026-06-05 16:30", 120, WM, "2026-06-08 09:30", "2026-06-08 09:18"),
        ("2026-06-05 11:50", 20, WM, "2026-06-05 13:40", "2026-06-05 13:38"),
        ("2026-06-06 20:00", 120, WM, "2026-06-08 10:30", "2026-06-08 10:18"),
        ("2026-06-01 10:00", 5, WD, "2026-06-08 17:30", "2026-06-08 11:39"),
        ("2026-06-05 16:30", 1, WD, "2026-06-08 17:30", "2026-06-08 16:39"),
        ("2026-06-05 20:00", 1, WD, "2026-06-09 17:30", "2026-06-09 16:00"),
        ("2026-06-05 23:50", 30, MINUTES, "2026-06-06 00:20", "2026-06-06 00:17"),
        ("2026-06-05 16:30", 1440, MINUTES, "2026-06-06 16:30", "2026-06-06 14:06"),
        ("2026-06-05 16:30", 30, DAYS, "2026-07-05 16:30", "2026-07-02 16:30"),
        ("2026-12-30 10:00", 5, WD, "2027-01-07 17:30", "2027-01-07 11:39"),
        ("2026-06-05 16:30", 1, WM, "2026-06-05 16:31", "2026-06-05 16:30:54"),
        ("2026-06-05 16:30", 0, WM, "2026-06-05 16:30", "2026-06-05 16:30"),
    ],
)
def test_due_and_yellow(at, amount, unit, due, yellow):
    clock = started(at, amount, unit)
    assert (clock.due_at, clock.yellow_at) == (local(due), local(yellow))
    assert clock.is_running
    assert not clock.is_paused
    assert not clock.is_stopped


def test_a_clock_keeps_its_terms():
    terms = ClockTerms(ClockKind.OPINION, 2, Limit(3, WD), organisation_id=7, policy_id=11)
    clock = start_clock(terms, CALENDAR, at=local("2026-06-05 16:30"))
    assert (clock.kind, clock.round, clock.organisation_id) == (ClockKind.OPINION, 2, 7)
    assert (clock.limit, clock.policy_id, clock.calendar_version) == (Limit(3, WD), 11, 1)
    assert clock.started_at == local("2026-06-05 16:30")


def test_a_limit_beyond_the_calendar_is_an_error_but_plain_time_is_not():
    with pytest.raises(UnknownCalendarYear):
        started("2027-12-20 10:00", 15, WD)
    assert started("2027-12-20 10:00", 30, DAYS).due_at == local("2028-01-19 10:00")


@pytest.mark.parametrize(("amount", "half"), [(0, 0), (1, 1), (2, 1), (5, 3), (120, 60), (15, 8)])
def test_half_a_limit_rounds_up_to_whole_units(amount, half):
    assert Limit(amount, WD).halved() == Limit(half, WD)


def test_a_limit_is_never_negative():
    with pytest.raises(ValueError, match="negative"):
        Limit(-1, WD)


@pytest.mark.parametrize(
    ("at", "expected", "rung"),
    [
        ("2026-06-05 16:30", Light.GREEN, None),
        ("2026-06-08 09:17:59", Light.GREEN, None),
        ("2026-06-08 09:18", Light.YELLOW, Rung.YELLOW),
        ("2026-06-08 09:30", Light.YELLOW, Rung.YELLOW),  # the due second is in time
        ("2026-06-08 09:30:01", Light.RED, Rung.RED),  # and only the latest warning
        ("2026-07-08 09:30", Light.RED, Rung.RED),
    ],
)
def test_light_and_rung_of_a_running_clock(at, expected, rung):
    clock = reminded(started("2026-06-05 16:30", 120, WM))
    assert light(clock, at=local(at)) is expected
    assert rung_due(clock, at=local(at)) is rung


def test_each_rung_is_due_once():
    clock = started("2026-06-05 16:30", 120, WM)
    near, late = local("2026-06-08 09:20"), local("2026-06-08 09:40")
    warned = mark(clock, Rung.YELLOW, at=near)
    assert warned == replace(clock, warned_at=near)
    assert rung_due(warned, at=near) is None
    assert rung_due(warned, at=late) is Rung.RED
    carded = mark(clock, Rung.RED, at=late)
    assert carded == replace(clock, overdue_at=late)
    assert rung_due(carded, at=late) is None, "no yellow after a red"
    assert light(carded, at=late) is Light.RED


@pytest.mark.parametrize(
    ("kind", "rungs"),
    [
        (ClockKind.FIRST_CONTACT, {Rung.RED}),
        (ClockKind.ACCEPT, {Rung.YELLOW, Rung.RED}),
        (ClockKind.SUPPLEMENT, set()),
        (ClockKind.FINISH, {Rung.YELLOW, Rung.RED}),
        (ClockKind.ASSIGNMENT, {Rung.YELLOW, Rung.RED}),
        (ClockKind.OPINION, {Rung.YELLOW, Rung.RED}),
        (ClockKind.REVISIT, {Rung.YELLOW, Rung.RED}),
        (ClockKind.EVALUATION, set()),
    ],
)
def test_the_cards_of_each_kind(kind, rungs):
    assert CARDS[kind] == rungs
    clock = reminded(started("2026-06-05 16:30", 120, WM, kind))
    assert (clock.yellow_at is not None) is (Rung.YELLOW in rungs)
    near, late = local("2026-06-08 09:18"), local("2026-06-08 09:31")
    assert rung_due(clock, at=near) is (Rung.YELLOW if Rung.YELLOW in rungs else None)
    assert rung_due(clock, at=late) is (Rung.RED if Rung.RED in rungs else None)
    assert light(clock, at=late) is (Light.RED if Rung.RED in rungs else Light.GREEN)


def test_a_stopped_clock_warns_of_nothing():
    clock = started("2026-06-05 16:30", 120, WM)
    late = local("2026-06-08 10:30")
    ended = stop(clock, at=late)
    assert ended == replace(clock, stopped_at=late)
    assert ended.is_stopped
    assert not ended.is_running
    assert light(ended, at=late + SECOND) is Light.GREEN
    assert rung_due(ended, at=late + SECOND) is None


def test_a_paused_clock_warns_of_nothing():
    clock = started("2026-06-05 16:30", 120, WM)
    paused = pause(clock, CALENDAR, at=local("2026-06-08 09:00"))
    assert light(paused, at=local("2026-06-10 09:00")) is Light.PAUSED
    assert rung_due(paused, at=local("2026-06-10 09:00")) is None


def test_seconds_left():
    clock = started("2026-06-05 16:30", 120, WM)
    late = local("2026-06-08 10:30")
    assert seconds_left(clock, CALENDAR, at=local("2026-06-05 17:30")) == 3600
    assert seconds_left(clock, CALENDAR, at=local("2026-06-06 12:00")) == 3600
    assert seconds_left(clock, CALENDAR, at=late) == -3600
    assert seconds_left(stop(clock, at=late), CALENDAR, at=local("2026-06-20 10:00")) == -3600
    paused = pause(clock, CALENDAR, at=local("2026-06-08 09:00"))
    assert seconds_left(paused, CALENDAR, at=local("2026-06-20 10:00")) == 1800
    withdrawn = stop(paused, at=local("2026-06-10 09:00"))
    assert seconds_left(withdrawn, CALENDAR, at=local("2026-06-20 10:00")) == 1800
    plain = started("2026-06-05 16:30", 1, DAYS)
    assert seconds_left(plain, CALENDAR, at=local("2026-06-06 16:00")) == 1800


def test_moves_that_do_not_fit_the_state():
    at = local("2026-06-08 09:00")
    running = started("2026-06-05 16:30", 120, WM)
    paused = pause(running, CALENDAR, at=at)
    for ended in (stop(running, at=at), stop(paused, at=at)):
        assert ended.is_stopped
        assert not ended.is_paused
        with pytest.raises(WrongClockState):
            stop(ended, at=at)
        with pytest.raises(WrongClockState):
            pause(ended, CALENDAR, at=at)
        with pytest.raises(WrongClockState):
            resume(ended, CALENDAR, FULL, at=at)
    with pytest.raises(WrongClockState):
        pause(paused, CALENDAR, at=at)
    with pytest.raises(WrongClockState):
        resume(running, CALENDAR, FULL, at=at)
