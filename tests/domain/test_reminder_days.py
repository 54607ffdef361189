"""到日提醒: at which hour, on days worked and not, with a calendar and beyond it."""

from datetime import date

import pytest

from app.domain.reminder_days import afternoon_before, ahead, morning_of
from tests.domain.calendars import CALENDAR, local
from tests.domain.story import MONDAY


@pytest.mark.parametrize(
    ("day", "morning"),
    [
        (date(2026, 6, 2), "2026-06-02 08:30"),
        (date(2026, 6, 6), "2026-06-08 08:30"),
        (date(2026, 10, 1), "2026-10-08 08:30"),
        (date(2199, 6, 1), "2199-06-03 08:30"),
    ],
)
def test_in_the_morning_of_the_day_or_of_the_next_that_is_worked_on(day, morning):
    assert morning_of(CALENDAR, day) == local(morning)


@pytest.mark.parametrize(
    ("day", "afternoon"),
    [
        (date(2026, 6, 3), "2026-06-02 16:00"),
        (date(2026, 6, 8), "2026-06-05 16:00"),
        (date(2026, 10, 8), "2026-09-30 16:00"),
        (date(2199, 6, 3), "2199-05-31 16:00"),
    ],
)
def test_in_the_afternoon_of_the_last_day_worked_on_before(day, afternoon):
    assert afternoon_before(CALENDAR, day) == local(afternoon)


def test_who_has_just_been_told_is_not_reminded():
    assert ahead(MONDAY, at=MONDAY) is None
    assert ahead(local("2026-06-01 10:01"), at=MONDAY) == local("2026-06-01 10:01")
