"""办公时间: the periods of a working day, one set for everywhere, others by area and season."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, TypeAlias

from app.domain.areas import PREFIX_LENGTHS
from app.domain.errors import Refused

_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_AREA = re.compile(r"[0-9]{2}[0-9A-Z]{0,10}")
_MIDNIGHT = time(0)
_LEAP_YEAR = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]

Periods: TypeAlias = tuple[tuple[time, time], ...]
"""In order; an end of 00:00 means 24:00."""

DayOfYear: TypeAlias = tuple[int, int]
"""Month and day."""


class BadCalendar(Refused):
    """工作日历的内容有误。"""

    code = "bad-calendar"


@dataclass(frozen=True, slots=True)
class Season:
    """时令: the office hours of an area (prefix, "" everywhere) between two days of the year.

    Both days are included; `first` after `last` goes over New Year.
    """

    area: str
    first: DayOfYear
    last: DayOfYear
    periods: Periods

    def covers(self, day: date) -> bool:
        """Does the day fall into it?"""
        of_year = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= of_year <= self.last
        return of_year >= self.first or of_year <= self.last


def seasons_of(seasons: Iterable[Season], area_code: str) -> tuple[Season, ...]:
    """Those that hold in the area, the narrowest area first: on each day the first one decides."""
    holding = [season for season in seasons if area_code.startswith(season.area)]
    return tuple(sorted(holding, key=lambda season: -len(season.area)))


def read_periods(rows: Sequence[Sequence[str]]) -> Periods:
    """Periods as a document has them: "08:30", the end of the day "24:00". Raises ValueError."""
    return tuple((_opening(opens), _closing(closes)) for opens, closes in rows)


def read_seasons(rows: Iterable[Mapping[str, Any]]) -> tuple[Season, ...]:
    """The rows of `hours` of a document; without `from` and `to` one holds all the year.

    Raises KeyError, TypeError and ValueError for what is none.
    """
    return tuple(
        Season(
            _area(row.get("area", "")),
            _day_of_year(row.get("from", "01-01")),
            _day_of_year(row.get("to", "12-31")),
            read_periods(row["periods"]),
        )
        for row in rows
    )


def check_periods(periods: Periods) -> None:
    """Refuse office hours that are missing, empty, out of order or overlapping."""
    spans = [(opens, closes if closes != _MIDNIGHT else time.max) for opens, closes in periods]
    edges = [edge for span in spans for edge in span]
    if not spans or edges != sorted(edges) or any(opens == closes for opens, closes in spans):
        raise BadCalendar("办公时段至少一段，起早于止，先后有序且不重叠。")


def check_seasons(seasons: Sequence[Season]) -> None:
    """Refuse faulty periods, and a day of the year with two hours in one and the same area."""
    for season in seasons:
        check_periods(season.periods)
    for area in {season.area for season in seasons}:
        of_area = [season for season in seasons if season.area == area]
        if any(sum(season.covers(day) for season in of_area) > 1 for day in _LEAP_YEAR):
            raise BadCalendar(f"{area or '各地'}的办公时间在同一天有两种规定。")


def _opening(text: str) -> time:
    if not _TIME_OF_DAY.fullmatch(text):
        raise ValueError(text)
    return time.fromisoformat(text)


def _closing(text: str) -> time:
    return _MIDNIGHT if text == "24:00" else _opening(text)


def _area(text: str) -> str:
    if text and not (_AREA.fullmatch(text) and len(text) in PREFIX_LENGTHS.values()):
        raise ValueError(text)
    return text


def _day_of_year(text: str) -> DayOfYear:
    day = date.fromisoformat(f"2024-{text}")
    return day.month, day.day
