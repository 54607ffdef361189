"""工作日: which days of a stretch are worked, after the newest calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.errors import FieldError, InvalidInput
from app.domain.office_hours import Periods
from services.tickets.terms import newest_calendar

DAYS_AT_MOST = 366


@dataclass(frozen=True, slots=True)
class Day:
    """A day and its office hours. `is_provisional`: the list of its year is not out yet."""

    day: date
    is_workday: bool
    is_provisional: bool
    hours: Periods


@dataclass(frozen=True, slots=True)
class Workdays:
    """The days asked for, and the office hours of a working day without others of its own."""

    calendar_version: int
    office_hours: Periods
    days: tuple[Day, ...]


def list_workdays(first: date, last: date, area_code: str = "") -> Workdays:
    """The days from `first` to `last`, both included, at most 366, as they are in an area.

    Raises `InvalidInput` for a stretch that is too long or ends before it begins, and
    `UnknownCalendarYear`.
    """
    count = (last - first).days + 1
    if not 1 <= count <= DAYS_AT_MOST:
        detail = f"结束日期应不早于开始日期，且最多 {DAYS_AT_MOST} 天。"
        raise InvalidInput([FieldError("/to", "range", detail)])
    calendar = newest_calendar(area_code)
    days = (first + timedelta(days=number) for number in range(count))
    return Workdays(
        calendar.version,
        calendar.periods,
        tuple(
            Day(
                day,
                calendar.is_workday(day),
                calendar.years[day.year].is_provisional,
                calendar.hours_on(day),
            )
            for day in days
        ),
    )
