"""The weekly telling: Monday's opening or that of the next working day, once."""

import pytest

from app.domain.silence import latest_week
from tests.domain.calendars import CALENDAR, local


@pytest.mark.parametrize(
    ("at", "monday", "opening"),
    [
        ("2026-07-06 08:30", "2026-07-06", "2026-07-06 08:30"),
        ("2026-07-06 08:29", "2026-06-29", "2026-06-29 08:30"),
        ("2026-07-12 23:00", "2026-07-06", "2026-07-06 08:30"),
        ("2026-10-05 09:00", "2026-09-28", "2026-09-28 08:30"),
        ("2026-10-08 08:29", "2026-09-28", "2026-09-28 08:30"),
        ("2026-10-08 08:30", "2026-10-05", "2026-10-08 08:30"),
    ],
)
def test_it_comes_as_the_first_working_day_of_the_week_opens(at, monday, opening):
    found, since = latest_week(CALENDAR, at=local(at))
    assert (found.isoformat(), since) == (monday, local(opening))


def test_of_weeks_that_come_on_one_morning_only_the_latest():
    """The eight days off of spring 2026 cover a whole week of Monday to Sunday."""
    found, _ = latest_week(CALENDAR, at=local("2026-02-24 08:30"))
    assert found.isoformat() == "2026-02-23"
