"""Pauses lose no second, and a late clock stays as late as it was; 2026-06-05 is a Friday."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sla import (
    Clock,
    ClockKind,
    Light,
    Limit,
    Rung,
    Unit,
    light,
    mark,
    pause,
    resume,
    rung_due,
    seconds_left,
    start_clock,
    start_with_pauses,
    stop,
    total_seconds,
)
from app.domain.work_calendar import LOCAL_ZONE
from tests.domain.calendars import CALENDAR, local
from tests.domain.ladders import FULL, terms_of

TWO_HOURS = terms_of(ClockKind.FINISH, Limit(120, Unit.WORKING_MINUTES))


def paused_and_resumed(clock: Clock, start: datetime, end: datetime) -> Clock:
    return resume(pause(clock, CALENDAR, at=start), CALENDAR, FULL, at=end)


def friday_clock() -> Clock:
    """Friday 16:30 + 2 working hours: due Monday 09:30."""
    return start_clock(TWO_HOURS, CALENDAR, at=local("2026-06-05 16:30"))


def test_a_paused_clock_holds_its_remainder():
    paused = pause(friday_clock(), CALENDAR, at=local("2026-06-08 09:00"))
    assert paused.is_paused
    assert not paused.is_running
    assert (paused.remaining_seconds, paused.paused_at) == (1800, local("2026-06-08 09:00"))
    assert (paused.due_at, paused.yellow_at, paused.pauses) == (None, None, ())


@pytest.mark.parametrize(
    ("amount", "unit", "gap", "due", "yellow"),
    [
        # 30 minutes left on Monday morning, resumed shortly before lunch
        (120, "working_minutes", ("06-08 09:00", "06-08 11:40"), "06-08 13:40", "06-08 11:58"),
        # paused and resumed while the office was closed: nothing moves
        (120, "working_minutes", ("06-06 10:00", "06-07 22:00"), "06-08 09:30", "06-08 09:18"),
        (120, "working_minutes", ("06-05 17:00", "06-09 08:30"), "06-09 10:00", "06-09 09:48"),
        # a day limit moves by office hours, so it may end within a day
        (1, "working_days", ("06-08 10:00", "06-09 10:00"), "06-09 17:30", "06-09 16:39"),
        (1, "working_days", ("06-08 10:00", "06-08 11:00"), "06-09 09:30", "06-09 08:39"),
        # plain time moves by plain time
        (1440, "minutes", ("06-05 17:30", "06-06 17:30"), "06-07 16:30", "06-07 14:06"),
        (30, "days", ("06-06 16:30", "06-16 16:30"), "07-15 16:30", "07-12 16:30"),
    ],
)
def test_the_due_time_moves_by_the_pause(amount, unit, gap, due, yellow):
    terms = replace(TWO_HOURS, limit=Limit(amount, Unit(unit)))
    clock = start_clock(terms, CALENDAR, at=local("2026-06-05 16:30"))
    pair = local(f"2026-{gap[0]}"), local(f"2026-{gap[1]}")
    resumed = paused_and_resumed(clock, *pair)
    assert (resumed.due_at, resumed.yellow_at) == (local(f"2026-{due}"), local(f"2026-{yellow}"))
    assert resumed.is_running
    assert (resumed.paused_at, resumed.remaining_seconds) == (None, None)
    assert resumed.pauses == (pair,)


def test_a_pause_while_overdue_keeps_the_lateness():
    late = mark(friday_clock(), Rung.RED, at=local("2026-06-08 09:31"))
    paused = pause(late, CALENDAR, at=local("2026-06-08 10:30"))
    assert paused.remaining_seconds == -3600
    at = local("2026-06-10 10:30")
    resumed = resume(paused, CALENDAR, FULL, at=at)
    assert seconds_left(resumed, CALENDAR, at=at) == -3600
    assert light(resumed, at=at) is Light.RED
    assert resumed.overdue_at == local("2026-06-08 09:31")
    assert rung_due(resumed, at=at) is None, "one lateness, one red card"


def test_an_overdue_clock_that_was_never_carded_is_carded_after_the_pause():
    resumed = paused_and_resumed(
        friday_clock(), local("2026-06-08 10:30"), local("2026-06-10 10:30")
    )
    assert rung_due(resumed, at=local("2026-06-10 10:30")) is Rung.RED


def test_a_new_due_time_is_warned_about_anew():
    warned = mark(friday_clock(), Rung.YELLOW, at=local("2026-06-08 09:20"))
    resumed = paused_and_resumed(warned, local("2026-06-08 09:25"), local("2026-06-10 10:00"))
    assert (resumed.due_at, resumed.warned_at) == (local("2026-06-10 10:05"), None)
    assert rung_due(resumed, at=local("2026-06-10 10:00")) is Rung.YELLOW


def test_a_kind_without_yellow_gets_none_by_a_pause():
    terms = replace(TWO_HOURS, kind=ClockKind.FIRST_CONTACT)
    clock = start_clock(terms, CALENDAR, at=local("2026-06-05 16:30"))
    resumed = paused_and_resumed(clock, local("2026-06-08 09:00"), local("2026-06-08 10:00"))
    assert (resumed.due_at, resumed.yellow_at) == (local("2026-06-08 10:30"), None)


def test_stopped_in_a_pause_it_keeps_its_remainder():
    paused = pause(friday_clock(), CALENDAR, at=local("2026-06-08 09:00"))
    ended = stop(paused, at=local("2026-06-09 09:00"))
    assert ended == replace(paused, stopped_at=local("2026-06-09 09:00"))


def test_a_clock_may_begin_with_pauses_behind_it():
    pauses = [
        (local("2026-06-05 16:40"), local("2026-06-08 09:00")),
        (local("2026-06-08 09:30"), local("2026-06-08 15:00")),
    ]
    clock = start_with_pauses(TWO_HOURS, pauses, CALENDAR, at=local("2026-06-05 16:30"))
    # 10 minutes on Friday, 30 on Monday morning, 80 from 15:00
    assert clock.due_at == local("2026-06-08 16:20")
    assert clock.yellow_at == local("2026-06-08 16:08")
    assert clock.pauses == tuple(pauses)
    assert clock.started_at == local("2026-06-05 16:30")


def test_without_pauses_it_just_starts():
    assert (
        start_with_pauses(TWO_HOURS, [], CALENDAR, at=local("2026-06-05 16:30")) == friday_clock()
    )


@pytest.mark.parametrize(
    "pauses",
    [
        [("2026-06-05 16:00", "2026-06-08 09:00")],  # before the start
        [("2026-06-08 09:00", "2026-06-05 17:00")],
        [("2026-06-05 17:00", "2026-06-08 10:00"), ("2026-06-08 09:00", "2026-06-08 11:00")],
    ],
)
def test_pauses_out_of_order_are_a_mistake(pauses):
    pairs = [(local(start), local(end)) for start, end in pauses]
    with pytest.raises(ValueError, match="out of order"):
        start_with_pauses(TWO_HOURS, pairs, CALENDAR, at=local("2026-06-05 16:30"))


instants = st.integers(0, 500 * 86_400).map(
    lambda second: datetime(2025, 1, 1, tzinfo=LOCAL_ZONE) + timedelta(seconds=second)
)
limits = st.builds(
    Limit, st.integers(1, 40), st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS])
) | st.builds(Limit, st.integers(1, 3000), st.sampled_from([Unit.WORKING_MINUTES, Unit.MINUTES]))
steps = st.lists(st.integers(0, 20 * 86_400), max_size=6)


def rising(start: datetime, gaps: list[int]) -> list[datetime]:
    found = [start]
    for gap in gaps:
        found.append(found[-1] + timedelta(seconds=gap))
    return found[1:]


@given(limits, instants, st.integers(0, 40 * 86_400))
def test_a_pause_of_no_length_changes_no_second(limit, start, later):
    clock = start_clock(replace(TWO_HOURS, limit=limit), CALENDAR, at=start)
    at = start + timedelta(seconds=later)
    again = paused_and_resumed(clock, at, at)
    assert seconds_left(again, CALENDAR, at=at) == seconds_left(clock, CALENDAR, at=at)
    if seconds_left(clock, CALENDAR, at=at) > 0:
        assert (again.due_at, again.yellow_at) == (clock.due_at, clock.yellow_at)


@given(limits, instants, steps)
def test_time_run_and_time_left_make_the_whole_limit(limit, start, gaps):
    """Whatever the pauses: run time counted piece by piece + time left = the limit."""
    clock = start_clock(replace(TWO_HOURS, limit=limit), CALENDAR, at=start)
    run_from, run = start, 0
    for moment in rising(start, gaps):
        if clock.is_running:
            run += limit.seconds_between(CALENDAR, run_from, moment)
            clock = pause(clock, CALENDAR, at=moment)
        else:
            clock, run_from = resume(clock, CALENDAR, FULL, at=moment), moment
        left = seconds_left(clock, CALENDAR, at=moment)
        assert run + left == total_seconds(clock, CALENDAR)


@given(limits, instants, steps)
def test_beginning_with_pauses_equals_having_lived_through_them(limit, start, gaps):
    terms = replace(TWO_HOURS, limit=limit)
    moments = rising(start, gaps)
    pauses = list(zip(moments[::2], moments[1::2], strict=False))
    lived = start_clock(terms, CALENDAR, at=start)
    for pair in pauses:
        lived = paused_and_resumed(lived, *pair)
    assert start_with_pauses(terms, pauses, CALENDAR, at=start) == lived


@given(limits, instants, st.integers(0, 86_400 * 400))
def test_yellow_comes_with_a_tenth_left(limit, start, later):
    clock = start_clock(replace(TWO_HOURS, limit=limit), CALENDAR, at=start)
    whole = total_seconds(clock, CALENDAR)
    at = start + timedelta(seconds=later)
    left = seconds_left(clock, CALENDAR, at=at)
    if left > whole // 10:
        assert light(clock, at=at) is Light.GREEN
    if 0 < left < whole // 10:
        assert light(clock, at=at) is Light.YELLOW
    if left < 0:
        assert light(clock, at=at) is Light.RED
