"""What a published 工作日历 says: office hours and days off, read from its document and checked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from app.domain.errors import Refused

_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MIDNIGHT = time(0)

Periods = tuple[tuple[time, time], ...]


class BadCalendar(Refused):
    """工作日历的内容有误。"""

    code = "bad-calendar"


@dataclass(frozen=True)
class WorkYear:
    """One year's list: days off (放假), and weekend days worked instead (调休)."""

    is_provisional: bool
    holidays: frozenset[date]
    workdays: frozenset[date]

    def is_workday(self, day: date) -> bool:
        """A weekday that is no holiday, or a moved workday."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)


def read_document(document: Mapping[str, Any]) -> tuple[Periods, dict[int, WorkYear]]:
    """Periods and years of a calendar document, shaped like `app/seed/work_calendar.json`.

    A time is "08:30", the end of the day "24:00"; a day is "2026-01-01" or a range
    "2026-01-01..2026-01-03"; a year's status is "official" or "provisional". Raises BadCalendar.
    """
    try:
        periods = tuple(
            (_opening(opens), _closing(closes)) for opens, closes in document["periods"]
        )
        years = {int(number): _year(row) for number, row in document["years"].items()}
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise BadCalendar(f"工作日历的内容有误：{problem}") from problem
    return periods, years


def check_periods(periods: Periods) -> None:
    """Refuse office hours that are missing, empty, out of order or overlapping."""
    spans = [(opens, closes if closes != _MIDNIGHT else time.max) for opens, closes in periods]
    edges = [edge for span in spans for edge in span]
    if not spans or edges != sorted(edges) or any(opens == closes for opens, closes in spans):
        raise BadCalendar("办公时段至少一段，起早于止，先后有序且不重叠。")


def check_years(years: Mapping[int, WorkYear]) -> None:
    """Refuse a gap between the years, another year's days, and days both off and worked."""
    if not years or len(years) != max(years) - min(years) + 1:
        raise BadCalendar("工作日历至少有一年，各年前后相连。")
    for number, year in years.items():
        if year.holidays & year.workdays:
            raise BadCalendar(f"{number} 年有日期既列为放假又列为上班。")
        if any(day.year != number for day in year.holidays | year.workdays):
            raise BadCalendar(f"{number} 年的名单里有别的年份的日期。")


def _year(row: Mapping[str, Any]) -> WorkYear:
    if row["status"] not in {"official", "provisional"}:
        raise ValueError(row["status"])
    is_provisional = row["status"] == "provisional"
    return WorkYear(is_provisional, _days(row["holidays"]), _days(row["workdays"]))


def _days(entries: Sequence[str]) -> frozenset[date]:
    return frozenset(day for entry in entries for day in _range(entry))


def _range(entry: str) -> Iterator[date]:
    first, _, last = entry.partition("..")
    start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    if end < start:
        raise ValueError(entry)
    return map(date.fromordinal, range(start.toordinal(), end.toordinal() + 1))


def _opening(text: str) -> time:
    if not _TIME_OF_DAY.fullmatch(text):
        raise ValueError(text)
    return time.fromisoformat(text)


def _closing(text: str) -> time:
    return _MIDNIGHT if text == "24:00" else _opening(text)
