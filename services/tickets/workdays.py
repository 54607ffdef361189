"""工作日: which days of a stretch are worked, after the newest calendar."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from app.domain.errors import FieldError, InvalidInput
from services.tickets.terms import newest_calendar

DAYS_AT_MOST = 366


@dataclass(frozen=True, slots=True)
class Day:
    """A day. `is_provisional`: the official list of its year is not out yet."""

    day: date
    is_workday: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Workdays:
    """The days asked for, and the office hours of a working day (local time)."""

    calendar_version: int
    office_hours: tuple[tuple[time, time], ...]
    days: tuple[Day, ...]


def list_workdays(first: date, last: date) -> Workdays:
    """The days from `first` to `last`, both included, at most 366.

    Raises `InvalidInput` for a stretch that is too long or ends before it begins, and
    `UnknownCalendarYear`.
    """
    count = (last - first).days + 1
    if not 1 <= count <= DAYS_AT_MOST:
        detail = f"结束日期应不早于开始日期，且最多 {DAYS_AT_MOST} 天。"
        raise InvalidInput([FieldError("/to", "range", detail)])
    calendar = newest_calendar()
    days = (first + timedelta(days=number) for number in range(count))
    return Workdays(
        calendar.version,
        calendar.periods,
        tuple(
            Day(day, calendar.is_workday(day), calendar.years[day.year].is_provisional)
            for day in days
        ),
    )
