"""工作日历: which seconds are office hours, and sums over them. Limits built on it: `sla.py`.

Office time is one long ruler. A *position* is the number of working seconds since the calendar's
first day, so every question is a look-up or two in a sorted list of working days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from app.domain.errors import Refused
from app.domain.office_hours import (
    BadCalendar,
    Periods,
    Season,
    check_periods,
    check_seasons,
    seasons_of,
)
from app.domain.work_years import WorkYear, check_years, read_document

__all__ = [
    "LOCAL_ZONE",
    "BadCalendar",
    "Calendars",
    "Interval",
    "UnknownCalendarYear",
    "WorkCalendar",
    "WorkYear",
    "local_time",
]

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
_DAY_SECONDS = 86_400

_Spans: TypeAlias = tuple[tuple[int, int], ...]
"""Periods as seconds of the day."""


class UnknownCalendarYear(Refused):
    """工作日历中没有这一年，请先发布该年的工作日历。"""

    code = "unknown-calendar-year"

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"工作日历中没有 {year} 年，请先发布该年的工作日历。")


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open stretch of time [start, end)."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """Its length in whole seconds."""
        return int((self.end - self.start).total_seconds())


@dataclass(frozen=True)
class WorkCalendar:
    """工作日历: one published version as it holds in one area. Immutable: keep and share it.

    `periods` are the office hours of a working day on which none of `seasons` says otherwise; of
    those that cover a day the first decides. `area` is the prefix for which the narrowest of them
    was made: two places with the same one share a calendar. `years` follow one another without a
    gap. Instants are aware and taken in whole seconds; results are in LOCAL_ZONE. A question about
    a day outside `years` raises UnknownCalendarYear (domain.md 4.2: a year without any row is an
    error). A faulty calendar raises BadCalendar.
    """

    version: int
    periods: Periods
    years: Mapping[int, WorkYear]
    seasons: tuple[Season, ...] = ()
    area: str = ""

    def __post_init__(self) -> None:
        check_periods(self.periods)
        check_years(self.years)
        check_seasons(self.seasons)

    @classmethod
    def from_document(
        cls, version: int, document: Mapping[str, Any], area_code: str = ""
    ) -> "WorkCalendar":
        """Build it from the stored document (see `read_document` for its shape) for an area."""
        periods, years, everywhere = read_document(document)
        check_seasons(everywhere)
        seasons = seasons_of(everywhere, area_code)
        return cls(version, periods, years, seasons, seasons[0].area if seasons else "")

    def is_workday(self, day: date) -> bool:
        """Is it a working day: a weekday that is no holiday, or a moved workday (调休)?"""
        self._require(day.toordinal())
        return self.years[day.year].is_workday(day)

    def opening_after(self, instant: datetime) -> datetime:
        """The instant itself inside office hours (start <= t < end), else the next opening."""
        day, second = _split(instant)
        self._require(day)
        index = bisect_left(self._workdays, day)
        if self._nth_workday(index) == day:
            for start, end in self._spans[index]:
                if second < end:
                    return _instant(day, max(second, start))
            index += 1
        opening_day = self._nth_workday(index)
        return _instant(opening_day, self._spans[index][0][0])

    def intervals(self, start: datetime, end: datetime) -> list[Interval]:
        """The office hours within [start, end), clipped, in order; none when end <= start."""
        start, end = local_time(start), local_time(end)
        self.position(start)
        self.position(end)
        return [
            Interval(max(period.start, start), min(period.end, end))
            for period in self._periods_of_days(start.toordinal(), end.toordinal())
            if period.start < end and start < period.end and start < end
        ]

    def working_seconds(self, start: datetime, end: datetime) -> int:
        """Working seconds from start to end, signed: negative when end is the earlier."""
        return self.position(end) - self.position(start)

    def add_seconds(self, instant: datetime, seconds: int) -> datetime:
        """The instant that many working seconds later (earlier when negative).

        A sum that just fills a period ends at its closing, a negative one at its opening; zero
        returns the instant. Inverse: working_seconds(t, add_seconds(t, n)) == n.
        """
        if seconds == 0:
            return local_time(instant)
        is_forward = seconds > 0
        # Closing 12:00 and opening 13:30 share a position: name the last second worked, then step.
        target = self.position(instant) + seconds - is_forward
        index = bisect_right(self._worked_before, target) - 1
        day = self._nth_workday(index)
        worked = target - self._worked_before[index]
        return _instant(day, _second_of_day(self._spans[index], worked) + is_forward)

    def close_of_day(self, instant: datetime, days: int) -> datetime:
        """Closing time of the days-th working day after the one on which counting opens.

        Day 0 is the local day of opening_after(instant): Monday 10:00 + 5 = next Monday 17:30
        (domain.md 4.2).
        """
        index = bisect_left(self._workdays, self.opening_after(instant).toordinal()) + days
        last = self._nth_workday(index)
        return _instant(last, self._spans[index][-1][1])

    def is_provisional_between(self, start: datetime, end: datetime) -> bool:
        """Does [start, end) touch a year whose official list is not out yet?"""
        first, beyond = sorted((local_time(start), local_time(end)))
        last = max(first, beyond - timedelta(seconds=1))
        self._require(first.toordinal())
        self._require(last.toordinal())
        return any(self.years[year].is_provisional for year in range(first.year, last.year + 1))

    def hours_on(self, day: date) -> Periods:
        """The office hours of the day; none when it is not worked."""
        if not self.is_workday(day):
            return ()
        return next((one.periods for one in self.seasons if one.covers(day)), self.periods)

    @property
    def first_day(self) -> date:
        return date(min(self.years), 1, 1)

    @property
    def last_day(self) -> date:
        return date(max(self.years), 12, 31)

    @cached_property
    def _spans(self) -> tuple[_Spans, ...]:
        """Of each working day, in the order of `_workdays`, its periods."""
        known: dict[Periods, _Spans] = {}
        hours = (self.hours_on(date.fromordinal(day)) for day in self._workdays)
        return tuple(known.setdefault(each, _spans_of(each)) for each in hours)

    @cached_property
    def _worked_before(self) -> tuple[int, ...]:
        """The position of each working day's beginning, and, last, of the calendar's end."""
        lengths = (sum(end - start for start, end in spans) for spans in self._spans)
        return tuple(accumulate(lengths, initial=0))

    @cached_property
    def _known_days(self) -> range:
        return range(self.first_day.toordinal(), self.last_day.toordinal() + 1)

    @cached_property
    def _workdays(self) -> tuple[int, ...]:
        """Every working day of the calendar as a day ordinal, in order."""
        days = map(date.fromordinal, self._known_days)
        return tuple(day.toordinal() for day in days if self.years[day.year].is_workday(day))

    def _require(self, day: int) -> None:
        if day not in self._known_days:
            raise UnknownCalendarYear(date.fromordinal(day).year)

    def position(self, instant: datetime) -> int:
        """Working seconds from the calendar's first day to the instant: differences count."""
        day, second = _split(instant)
        if second > 0 or day != self._known_days.stop:
            self._require(day)
        days = self._workdays
        index = bisect_left(days, day)
        worked = self._worked_before[index]
        if index < len(days) and days[index] == day:
            for opens, closes in self._spans[index]:
                if second > opens:
                    worked += min(second, closes) - opens
        return worked

    def _nth_workday(self, index: int) -> int:
        if index < 0:
            raise UnknownCalendarYear(min(self.years) - 1)
        if index >= len(self._workdays):
            raise UnknownCalendarYear(max(self.years) + 1)
        return self._workdays[index]

    def _periods_of_days(self, first: int, last: int) -> Iterator[Interval]:
        """The whole office periods of the working days from first to last."""
        begin, end = bisect_left(self._workdays, first), bisect_left(self._workdays, last + 1)
        for index in range(begin, end):
            for opens, closes in self._spans[index]:
                yield Interval(
                    _instant(self._workdays[index], opens), _instant(self._workdays[index], closes)
                )


Calendars: TypeAlias = Callable[[int, str], WorkCalendar]
"""Where the calendar of a version, as it holds in an area (code or prefix), is to be had."""


def _spans_of(periods: Periods) -> _Spans:
    return tuple((_second(start), _second(end) or _DAY_SECONDS) for start, end in periods)


def _second_of_day(spans: _Spans, worked: int) -> int:
    """The second of a working day that has `worked` working seconds of it behind it."""
    for start, end in spans:
        if worked < end - start:
            return start + worked
        worked -= end - start
    raise AssertionError(worked)


def local_time(instant: datetime) -> datetime:
    """The aware instant in LOCAL_ZONE, cut to whole seconds."""
    local = _local(instant)
    return local.replace(microsecond=0) if local.microsecond else local


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"naive instant {instant}")
    return instant.astimezone(LOCAL_ZONE)


def _split(instant: datetime) -> tuple[int, int]:
    local = _local(instant)
    return local.toordinal(), _second(local)


def _second(moment: time | datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _instant(day: int, second: int) -> datetime:
    """The local instant; second 86,400 is the next midnight."""
    return datetime.combine(date.fromordinal(day), time(), LOCAL_ZONE) + timedelta(seconds=second)
