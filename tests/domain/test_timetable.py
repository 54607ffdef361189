"""When jobs are due, when they are late, and how long people may hold them back."""

from datetime import time, timedelta

import pytest

from app.domain.timetable import DAY, PLANS, TIMETABLE, WEEK, Plan
from tests.domain.calendars import local
from tests.problems import CHINESE

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def plan(every: timedelta, daily_at: time | None = None) -> Plan:
    return Plan("trial", "试", "试。", every, daily_at=daily_at)


def test_every_job_has_a_name_of_its_own_and_words_for_people():
    assert len(PLANS) == len(TIMETABLE) > 20
    for each in TIMETABLE:
        assert each.name.isidentifier()
        assert CHINESE.search(each.title)
        assert CHINESE.search(each.purpose)


def test_no_job_may_be_held_back_for_longer_than_a_week():
    assert {each.pause_at_most for each in TIMETABLE} == {DAY, WEEK}


def test_what_keeps_promises_may_be_held_back_for_a_day_only():
    keeping = ("watch_deadlines", "deliver_notifications", "supervise", "seal_audit")
    assert {PLANS[name].pause_at_most for name in keeping} == {DAY}


@pytest.mark.parametrize(
    ("done", "is_overdue"),
    [("09:58:00", False), ("09:57:59", True), (None, True), ("10:00:00", False)],
)
def test_what_comes_often_has_two_minutes(done, is_overdue):
    instant = done and local(f"2026-06-10 {done}")
    assert plan(SECOND).is_overdue(instant, at=local("2026-06-10 10:00:00")) is is_overdue


@pytest.mark.parametrize(("at", "is_overdue"), [("10:59:59", False), ("11:00:00", True)])
def test_what_comes_seldom_may_miss_three_looks(at, is_overdue):
    """Done for the slot of ten o'clock; the next one began at a quarter past."""
    done = local("2026-06-10 10:00")
    assert plan(15 * MINUTE).is_overdue(done, at=local(f"2026-06-10 {at}")) is is_overdue


@pytest.mark.parametrize(
    ("at", "is_overdue"),
    [("2026-06-10 01:59", False), ("2026-06-10 02:02:59", False), ("2026-06-10 02:03", True)],
)
def test_a_daily_job_has_three_looks_from_its_time_on(at, is_overdue):
    nightly, yesterday = plan(MINUTE, time(2)), local("2026-06-09 02:00")
    assert nightly.is_overdue(yesterday, at=local(at)) is is_overdue
