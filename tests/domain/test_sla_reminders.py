"""Reminders: earlier than yellow and red, given once, moved by pauses; 2026-06-05 is a Friday."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sla import (
    CARDS,
    Clock,
    ClockKind,
    ClockTerms,
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
from app.domain.sla_clock import REMINDING
from app.domain.work_calendar import LOCAL_ZONE
from tests.domain.calendars import CALENDAR, local
from tests.domain.ladders import LADDERS, ladders_for, terms_of

WM, WD, MINUTES, DAYS = Unit.WORKING_MINUTES, Unit.WORKING_DAYS, Unit.MINUTES, Unit.DAYS
ORDER = [None, *Rung]
TWO_HOURS = terms_of(ClockKind.FINISH, Limit(120, WM))


def started(at, amount, unit, kind=ClockKind.FINISH) -> Clock:
    return start_clock(terms_of(kind, Limit(amount, unit)), CALENDAR, at=local(at))


def friday_clock() -> Clock:
    """Friday 16:30 + 2 working hours: reminds Monday 09:00, yellow 09:18, due 09:30."""
    return start_clock(TWO_HOURS, CALENDAR, at=local("2026-06-05 16:30"))


def paused_and_resumed(clock: Clock, start: str, end: str) -> Clock:
    paused = pause(clock, CALENDAR, at=local(start))
    return resume(paused, CALENDAR, LADDERS[clock.kind], at=local(end))


@pytest.mark.parametrize(
    ("kind", "at", "amount", "unit", "remind"),
    [
        (ClockKind.FIRST_CONTACT, "2026-06-01 10:00", 120, WM, None),
        (ClockKind.ACCEPT, "2026-06-01 10:00", 1, WD, "2026-06-02 14:07:30"),
        (ClockKind.ACCEPT, "2026-06-05 23:50", 30, MINUTES, "2026-06-06 00:12:30"),
        (ClockKind.SUPPLEMENT, "2026-06-01 11:00", 5, WD, "2026-06-04 09:45"),
        (ClockKind.FINISH, "2026-06-05 16:30", 120, WM, "2026-06-08 09:00"),
        (ClockKind.FINISH, "2026-06-01 10:00", 5, WD, "2026-06-05 14:07:30"),
        (ClockKind.ASSIGNMENT, "2026-06-05 16:30", 1440, MINUTES, "2026-06-06 10:30"),
        (ClockKind.OPINION, "2026-06-01 10:05", 3, WD, "2026-06-04 08:53:45"),
        (ClockKind.REVISIT, "2026-06-05 16:00", 1, WD, "2026-06-08 15:15"),
        (ClockKind.EVALUATION, "2026-06-05 16:30", 15, DAYS, "2026-06-10 16:30"),
        (ClockKind.EVALUATION, "2026-06-05 16:30", 15, WD, "2026-06-10 16:30"),
    ],
)
def test_when_each_kind_reminds(kind, at, amount, unit, remind):
    clock = started(at, amount, unit, kind)
    assert clock.remind_at == (local(remind) if remind else None)
    assert clock.reminded_at is None


def test_all_but_the_first_contact_the_objection_and_the_urge_remind():
    silent = {ClockKind.FIRST_CONTACT, ClockKind.OBJECTION, ClockKind.URGE}
    reminded = {
        kind for kind, one in LADDERS.items() if one.remind_percent or one.remind_after_days
    }
    assert reminded == REMINDING == set(ClockKind) - silent


@pytest.mark.parametrize(
    ("at", "expected", "rung"),
    [
        ("2026-06-08 08:29:59", Light.GREEN, None),
        ("2026-06-08 08:30", Light.GREEN, Rung.NUDGE),
        ("2026-06-08 08:59:59", Light.GREEN, Rung.NUDGE),
        ("2026-06-08 09:00", Light.GREEN, Rung.REMINDER),
        ("2026-06-08 09:17:59", Light.GREEN, Rung.REMINDER),
        ("2026-06-08 09:18", Light.YELLOW, Rung.YELLOW),
        ("2026-06-08 09:30:01", Light.RED, Rung.RED),
    ],
)
def test_only_the_latest_rung_is_due_and_no_reminder_lights_up(at, expected, rung):
    clock = friday_clock()
    assert rung_due(clock, at=local(at)) is rung
    assert light(clock, at=local(at)) is expected


def test_a_reminder_is_due_once_and_keeps_no_card_away():
    clock, at = friday_clock(), local("2026-06-08 09:05")
    told = mark(clock, Rung.REMINDER, at=at)
    assert told == replace(clock, reminded_at=at)
    assert rung_due(told, at=local("2026-06-08 09:17")) is None
    assert rung_due(told, at=local("2026-06-08 09:18")) is Rung.YELLOW
    assert rung_due(told, at=local("2026-06-08 09:31")) is Rung.RED


def test_what_was_missed_is_not_made_up_after_the_card():
    clock = mark(friday_clock(), Rung.YELLOW, at=local("2026-06-08 09:20"))
    assert rung_due(clock, at=local("2026-06-08 09:25")) is None
    late = mark(clock, Rung.RED, at=local("2026-06-08 09:31"))
    assert rung_due(late, at=local("2026-06-08 10:00")) is None


@pytest.mark.parametrize("kind", [ClockKind.SUPPLEMENT, ClockKind.EVALUATION])
def test_the_enterprise_is_reminded_and_never_carded(kind):
    clock = started("2026-06-05 16:30", 15, DAYS, kind)
    late = local("2026-07-20 10:00")
    assert rung_due(clock, at=late) is Rung.REMINDER
    assert rung_due(mark(clock, Rung.REMINDER, at=late), at=late) is None
    assert light(clock, at=late) is Light.GREEN


def test_a_clock_that_waits_or_has_stopped_does_not_remind():
    at, later = local("2026-06-08 09:10"), local("2026-06-08 09:15")
    paused = pause(friday_clock(), CALENDAR, at=at)
    assert paused.remind_at is None
    for clock in (paused, stop(paused, at=at), stop(friday_clock(), at=at)):
        assert rung_due(clock, at=later) is None


def test_a_clock_begun_before_there_were_reminders_does_not_remind():
    clock = replace(friday_clock(), remind_at=None, nudge_at=None)
    assert rung_due(clock, at=local("2026-06-08 09:10")) is None
    assert rung_due(clock, at=local("2026-06-08 09:20")) is Rung.YELLOW
    resumed = paused_and_resumed(clock, "2026-06-08 08:40", "2026-06-08 10:00")
    assert resumed.remind_at == local("2026-06-08 10:20")


@pytest.mark.parametrize(
    ("gap", "remind"),
    [
        (("2026-06-05 17:00", "2026-06-09 08:30"), "2026-06-09 09:30"),
        (("2026-06-08 08:45", "2026-06-08 11:50"), "2026-06-08 13:35"),
        (("2026-06-06 10:00", "2026-06-07 22:00"), "2026-06-08 09:00"),
    ],
)
def test_the_reminder_moves_by_the_pause(gap, remind):
    assert paused_and_resumed(friday_clock(), *gap).remind_at == local(remind)


def test_so_long_after_the_start_leaves_out_the_pauses():
    clock = started("2026-06-05 16:30", 15, DAYS, ClockKind.EVALUATION)
    resumed = paused_and_resumed(clock, "2026-06-06 16:30", "2026-06-08 16:30")
    assert resumed.remind_at == local("2026-06-12 16:30")


def test_a_new_due_time_is_reminded_of_anew():
    told = mark(friday_clock(), Rung.REMINDER, at=local("2026-06-08 09:00"))
    resumed = paused_and_resumed(told, "2026-06-08 09:05", "2026-06-10 10:00")
    assert resumed.reminded_at is None
    assert rung_due(resumed, at=local("2026-06-10 10:00")) is Rung.REMINDER


def test_a_late_clock_keeps_that_it_reminded():
    told = mark(friday_clock(), Rung.REMINDER, at=local("2026-06-08 09:00"))
    resumed = paused_and_resumed(told, "2026-06-08 10:30", "2026-06-10 10:30")
    assert resumed.reminded_at == local("2026-06-08 09:00")


@pytest.mark.parametrize(
    ("start", "rung", "told_at"),
    [
        ("2026-06-01 10:20", Rung.REMINDER, "2026-06-01 11:55"),
        ("2026-06-01 10:10", Rung.YELLOW, "2026-06-01 11:59"),
    ],
)
def test_a_pause_that_moves_nothing_warns_of_nothing_twice(start, rung, told_at):
    """An event of a rung stands once for a due time: the table would refuse a second."""
    clock = started(start, 120, WM)
    told = mark(clock, rung, at=local(told_at))
    assert rung_due(clock, at=local(told_at)) is rung
    resumed = paused_and_resumed(told, "2026-06-01 12:05", "2026-06-01 13:00")
    assert resumed.due_at == clock.due_at
    assert rung_due(resumed, at=local("2026-06-01 13:35")) is None


instants = st.integers(0, 500 * 86_400).map(
    lambda second: datetime(2025, 1, 1, tzinfo=LOCAL_ZONE) + timedelta(seconds=second)
)
limits = st.builds(Limit, st.integers(1, 40), st.sampled_from([WD, DAYS])) | st.builds(
    Limit, st.integers(1, 3000), st.sampled_from([WM, MINUTES])
)
by_percent = sorted(kind for kind, one in LADDERS.items() if one.remind_percent)
with_ladders = st.sampled_from(sorted(ClockKind)).flatmap(
    lambda kind: st.tuples(st.just(kind), ladders_for(kind))
)
gaps = st.lists(st.integers(0, 20 * 86_400), max_size=4)


def lived(terms: ClockTerms, start: datetime, gaps: list[int]) -> tuple[Clock, datetime]:
    """A clock with as many pauses as the gaps give, running, and the time it has come to."""
    moments = [start]
    for gap in gaps:
        moments.append(moments[-1] + timedelta(seconds=gap))
    pairs = list(zip(moments[1::2], moments[2::2], strict=False))
    return start_with_pauses(terms, pairs, CALENDAR, at=start), moments[-1]


@given(st.sampled_from(by_percent), limits, instants, gaps)
def test_the_rungs_come_in_their_order_whatever_the_pauses(kind, limit, start, gaps):
    clock, _ = lived(terms_of(kind, limit), start, gaps)
    assert clock.remind_at is not None
    assert clock.due_at is not None
    assert clock.remind_at <= (clock.yellow_at or clock.due_at) <= clock.due_at
    if Rung.YELLOW in CARDS[kind]:
        assert clock.yellow_at is not None


@given(with_ladders, limits, instants, gaps)
def test_the_share_that_is_left_at_a_rung_is_the_policys(given, limit, start, gaps):
    kind, ladder = given
    clock, _ = lived(terms_of(kind, limit, ladder=ladder), start, gaps)
    rungs = [
        (clock.nudge_at, ladder.nudge_percent),
        (clock.remind_at, ladder.remind_percent),
        (clock.yellow_at, ladder.yellow_percent),
    ]
    for instant, percent in rungs:
        assert (instant is None) is (percent is None)
        if instant is not None and percent is not None:
            left = seconds_left(clock, CALENDAR, at=instant)
            assert left == total_seconds(clock, CALENDAR) * (100 - percent) // 100
    coming = [each for each in (*(each for each, _ in rungs), clock.due_at) if each is not None]
    assert coming == sorted(coming)


@given(
    with_ladders,
    limits,
    instants,
    gaps,
    st.lists(st.integers(1, 30 * 86_400), min_size=1, max_size=8),
)
def test_who_looks_now_and_then_gives_each_rung_at_most_once_and_upwards(
    given, limit, start, gaps, looks
):
    kind, ladder = given
    clock, at = lived(terms_of(kind, limit, ladder=ladder), start, gaps)
    warnings: list[Rung | None] = [None]
    for seconds in looks:
        at += timedelta(seconds=seconds)
        while rung := rung_due(clock, at=at):
            warnings.append(rung)
            clock = mark(clock, rung, at=at)
    places = [ORDER.index(rung) for rung in warnings]
    assert places == sorted(set(places))


@pytest.mark.parametrize("higher", [Rung.YELLOW, Rung.RED])
def test_what_was_given_is_followed_by_none_that_is_lower(higher):
    """Whoever was shown the card is not reminded afterwards, whatever was missed before it."""
    reminded_at = local("2026-06-08 09:00")
    assert rung_due(friday_clock(), at=reminded_at) is Rung.REMINDER
    carded = mark(friday_clock(), higher, at=reminded_at)
    assert rung_due(carded, at=reminded_at) is None
