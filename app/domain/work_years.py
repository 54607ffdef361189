"""What a published 工作日历 says of days: days off and worked, read from its document, checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.office_hours import BadCalendar, Periods, Season, read_periods, read_seasons


@dataclass(frozen=True)
class WorkYear:
    """One year's list: days off (放假), and weekend days worked instead (调休)."""

    is_provisional: bool
    holidays: frozenset[date]
    workdays: frozenset[date]

    def is_workday(self, day: date) -> bool:
        """A weekday that is no holiday, or a moved workday."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)


def read_document(
    document: Mapping[str, Any],
) -> tuple[Periods, dict[int, WorkYear], tuple[Season, ...]]:
    """Periods, years and seasons of a calendar document, as in `app/seed/work_calendar.json`.

    A time is "08:30", the end of the day "24:00"; a day is "2026-01-01" or a range
    "2026-01-01..2026-01-03"; a year's status is "official" or "provisional". `hours`, which early
    documents do not have, are rows {"area", "from": "06-01", "to": "09-30", "periods"}. Raises
    BadCalendar.
    """
    try:
        periods = read_periods(document["periods"])
        years = {int(number): _year(row) for number, row in document["years"].items()}
        seasons = read_seasons(document.get("hours", ()))
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise BadCalendar(f"工作日历的内容有误：{problem}") from problem
    return periods, years, seasons


def check_years(years: Mapping[int, WorkYear]) -> None:
    """Refuse a gap between the years, another year's days, and days both off and worked.

    No official year comes after a provisional one: lists are published year after year.
    """
    if not years or len(years) != max(years) - min(years) + 1:
        raise BadCalendar("工作日历至少有一年，各年前后相连。")
    settled = [not years[number].is_provisional for number in sorted(years)]
    if settled != sorted(settled, reverse=True):
        raise BadCalendar("正式公布的年份不能排在暂定的年份之后。")
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
