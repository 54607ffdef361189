"""时间段: what sums are kept for. A span is the beginning of a date, as a prefix is of an area.

`2026-11` is the month, `2026-11-2` its days from the 20th to the 29th, `2026-11-22` the one day.
Any stretch of days is covered by few of them: 90 days by some 13.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

DAY, TENS, MONTH = 10, 9, 7
WIDTHS = (DAY, TENS, MONTH)
"""The lengths of spans, from the finest on; each is the sum of those before it."""

ONE = timedelta(days=1)


def days_from(first: date, end: date) -> Iterator[date]:
    """The days of [first, end)."""
    for number in range((end - first).days):
        yield first + number * ONE


def span(day: date, width: int) -> str:
    """The span of this width in which the day lies."""
    return day.isoformat()[:width]


def spans_of(days: Iterable[date], width: int) -> list[str]:
    """The spans of this width in which the days lie, each once, in order."""
    return sorted({span(day, width) for day in days})


def finer(spans: Iterable[str], width: int) -> list[str]:
    """The spans of the next finer width that make up these, which are of `width`."""
    below = WIDTHS[WIDTHS.index(width) - 1]
    days = [day for whole in spans for day in _days(whole)]
    return spans_of(days, below)


@lru_cache(maxsize=256)
def covering(first: date, end: date) -> tuple[str, ...]:
    """The fewest spans that hold every day of [first, end) once and no other."""
    found, day = [], first
    while day < end:
        width, after = _longest(day, end)
        found.append(span(day, width))
        day = after
    return tuple(found)


def _longest(day: date, end: date) -> tuple[int, date]:
    """The widest span that begins with `day` and is over by `end`, and the day after it."""
    for width in reversed(WIDTHS):
        whole = _days(span(day, width))
        if whole[0] == day and whole[-1] < end:
            return width, whole[-1] + ONE
    raise AssertionError("a day is a span")


def _days(whole: str) -> list[date]:
    """The days of a span, found in its month."""
    month = date.fromisoformat(f"{whole[:MONTH]}-01")
    after = (month + 31 * ONE).replace(day=1)
    return [day for day in days_from(month, after) if day.isoformat().startswith(whole)]


def runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days, in order, as stretches [first, end) of days that follow one another, cut at months."""
    first = end = None
    for day in days:
        if first is None or day != end or day.day == 1:
            if first is not None and end is not None:
                yield first, end
            first = day
        end = day + ONE
    if first is not None and end is not None:
        yield first, end


def cut_at_months(first: date, end: date) -> Iterator[tuple[date, date]]:
    """The stretch [first, end), cut at the borders of months."""
    return runs(days_from(first, end))
