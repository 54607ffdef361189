"""The explanation shows what the sum was made of; 2026-06-05 is a Friday."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sla import (
    Clock,
    ClockKind,
    Limit,
    Unit,
    Until,
    explain,
    pause,
    resume,
    start_clock,
    stop,
)
from app.domain.work_calendar import LOCAL_ZONE, Interval
from tests.domain.calendars import CALENDAR, local
from tests.domain.ladders import FULL, terms_of

SUBMITTED = local("2026-06-05 16:30")


def started(amount=120, unit=Unit.WORKING_MINUTES, at=SUBMITTED) -> Clock:
    return start_clock(terms_of(ClockKind.FINISH, Limit(amount, unit)), CALENDAR, at=at)


def shown(intervals) -> list[tuple[str, str]]:
    return [(f"{each.start:%d %H:%M}", f"{each.end:%d %H:%M}") for each in intervals]


def test_a_running_clock_is_explained_up_to_its_due_time():
    told = explain(started(), CALENDAR, at=local("2026-06-08 09:00"))
    assert (told.kind, told.limit) == (ClockKind.FINISH, Limit(120, Unit.WORKING_MINUTES))
    assert told.base_start == SUBMITTED
    assert told.until is Until.DUE
    assert shown(told.intervals) == [("05 16:30", "05 17:30"), ("08 08:30", "08 09:30")]
    assert told.pauses == ()
    assert (told.total_minutes, told.elapsed_minutes, told.remaining_minutes) == (120, 90, 30)
    assert (told.due_at, told.yellow_at) == (local("2026-06-08 09:30"), local("2026-06-08 09:18"))
    assert told.is_provisional is False


def test_a_submission_outside_office_hours_counts_from_the_next_opening():
    told = explain(started(at=local("2026-06-06 22:00")), CALENDAR, at=local("2026-06-07 09:00"))
    assert told.base_start == local("2026-06-08 08:30")
    assert shown(told.intervals) == [("08 08:30", "08 10:30")]
    assert (told.elapsed_minutes, told.remaining_minutes) == (0, 120)


def test_day_limits_list_the_office_hours_of_every_day():
    told = explain(started(2, Unit.WORKING_DAYS), CALENDAR, at=SUBMITTED)
    assert shown(told.intervals) == [
        ("05 16:30", "05 17:30"),
        ("08 08:30", "08 12:00"),
        ("08 13:30", "08 17:30"),
        ("09 08:30", "09 12:00"),
        ("09 13:30", "09 17:30"),
    ]
    assert told.total_minutes == 16 * 60


def test_plain_time_is_one_interval_from_the_start():
    at = local("2026-06-06 22:00")
    told = explain(started(30, Unit.MINUTES, at), CALENDAR, at=at + timedelta(minutes=40))
    assert told.base_start == at
    assert told.intervals == (Interval(at, at + timedelta(minutes=30)),)
    assert (told.elapsed_minutes, told.remaining_minutes) == (40, -10)


def test_pauses_are_left_out():
    clock = pause(started(), CALENDAR, at=local("2026-06-05 17:00"))
    clock = resume(clock, CALENDAR, FULL, at=local("2026-06-08 11:30"))
    told = explain(clock, CALENDAR, at=local("2026-06-08 12:30"))
    assert shown(told.pauses) == [("05 17:00", "08 11:30")]
    assert shown(told.intervals) == [
        ("05 16:30", "05 17:00"),
        ("08 11:30", "08 12:00"),
        ("08 13:30", "08 14:30"),
    ]
    assert (told.elapsed_minutes, told.remaining_minutes) == (60, 60)


def test_a_pause_within_an_interval_splits_it():
    clock = pause(started(), CALENDAR, at=local("2026-06-05 16:40"))
    clock = resume(clock, CALENDAR, FULL, at=local("2026-06-05 17:00"))
    told = explain(clock, CALENDAR, at=local("2026-06-05 17:00"))
    assert shown(told.intervals) == [
        ("05 16:30", "05 16:40"),
        ("05 17:00", "05 17:30"),
        ("08 08:30", "08 09:50"),
    ]


def test_a_paused_clock_is_explained_up_to_the_pause():
    clock = pause(started(), CALENDAR, at=local("2026-06-08 09:00"))
    told = explain(clock, CALENDAR, at=local("2026-06-10 10:00"))
    assert told.until is Until.PAUSED
    assert shown(told.intervals) == [("05 16:30", "05 17:30"), ("08 08:30", "08 09:00")]
    assert shown(told.pauses) == [("08 09:00", "10 10:00")]
    assert (told.due_at, told.yellow_at) == (None, None)
    assert (told.total_minutes, told.elapsed_minutes, told.remaining_minutes) == (120, 90, 30)


def test_a_stopped_clock_is_explained_up_to_its_stop():
    told = explain(
        stop(started(), at=local("2026-06-08 10:00")), CALENDAR, at=local("2026-07-01 10:00")
    )
    assert told.until is Until.STOPPED
    assert shown(told.intervals) == [("05 16:30", "05 17:30"), ("08 08:30", "08 10:00")]
    assert (told.elapsed_minutes, told.remaining_minutes) == (150, -30)


def test_a_clock_stopped_in_a_pause_is_explained_up_to_the_pause():
    paused = pause(started(), CALENDAR, at=local("2026-06-08 09:00"))
    told = explain(
        stop(paused, at=local("2026-06-09 10:00")), CALENDAR, at=local("2026-07-01 10:00")
    )
    assert told.until is Until.STOPPED
    assert shown(told.intervals) == [("05 16:30", "05 17:30"), ("08 08:30", "08 09:00")]
    assert shown(told.pauses) == [("08 09:00", "09 10:00")]
    assert (told.elapsed_minutes, told.remaining_minutes) == (90, 30)


@pytest.mark.parametrize(
    ("at", "unit", "expected"),
    [
        ("2026-12-30 10:00", Unit.WORKING_DAYS, True),
        ("2026-12-20 10:00", Unit.WORKING_DAYS, False),
        ("2027-03-01 10:00", Unit.WORKING_DAYS, True),
        ("2026-12-30 10:00", Unit.DAYS, False),  # plain time asks no calendar
    ],
)
def test_a_deadline_in_an_unpublished_year_is_provisional(at, unit, expected):
    assert explain(started(5, unit, local(at)), CALENDAR, at=local(at)).is_provisional is expected


def test_a_clock_without_a_state_cannot_be_explained():
    bare = Clock(
        ClockKind.FINISH, 1, None, 120, Unit.WORKING_MINUTES, SUBMITTED, None, 1, due_at=None
    )
    with pytest.raises(ValueError, match="without a due time"):
        explain(bare, CALENDAR, at=SUBMITTED)


instants = st.integers(0, 500 * 86_400).map(
    lambda second: datetime(2025, 1, 1, tzinfo=LOCAL_ZONE) + timedelta(seconds=second)
)
limits = st.builds(Limit, st.integers(1, 20), st.sampled_from(Unit))


@given(limits, instants, st.lists(st.integers(0, 6 * 86_400), max_size=5))
def test_the_intervals_are_the_sum(limit, start, gaps):
    """Running: they make up the limit. Paused: they make up what has elapsed."""
    clock, at = started(limit.amount, limit.unit, start), start
    for gap in gaps:
        at += timedelta(seconds=gap)
        if clock.is_running:
            clock = pause(clock, CALENDAR, at=at)
        else:
            clock = resume(clock, CALENDAR, FULL, at=at)
    told = explain(clock, CALENDAR, at=at)
    counted = sum(each.seconds for each in told.intervals) // 60
    assert counted == (told.total_minutes if clock.is_running else told.elapsed_minutes)
    assert told.elapsed_minutes + told.remaining_minutes == told.total_minutes
    assert all(
        each.end <= gap.start or gap.end <= each.start
        for each in told.intervals
        for gap in told.pauses
        if gap.seconds
    )
