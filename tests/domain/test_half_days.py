"""半天 by the work calendar."""

from datetime import datetime

import pytest

from app.domain.half_days import half_day_of, next_half_day
from app.domain.work_calendar import LOCAL_ZONE
from tests.domain.calendars import CALENDAR


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


@pytest.mark.parametrize(
    ("instant", "day", "is_afternoon", "following"),
    [
        ("2026-06-01 08:30", "2026-06-01", False, "2026-06-01 13:30"),
        ("2026-06-01 11:59", "2026-06-01", False, "2026-06-01 13:30"),
        ("2026-06-01 12:00", "2026-06-01", True, "2026-06-02 08:30"),
        ("2026-06-01 17:29", "2026-06-01", True, "2026-06-02 08:30"),
        ("2026-06-01 17:30", "2026-06-02", False, "2026-06-02 13:30"),
        ("2026-06-05 18:00", "2026-06-08", False, "2026-06-08 13:30"),
        ("2026-06-07 10:00", "2026-06-08", False, "2026-06-08 13:30"),
        ("2026-06-12 15:00", "2026-06-12", True, "2026-06-15 08:30"),
    ],
)
def test_an_instant_belongs_to_the_half_day_that_is_worked(instant, day, is_afternoon, following):
    half = half_day_of(CALENDAR, at=at(instant))
    assert (half.day.isoformat(), half.is_afternoon) == (day, is_afternoon)
    assert next_half_day(CALENDAR, at=at(instant)) == at(following)
    assert half_day_of(CALENDAR, at=at(following)) != half
