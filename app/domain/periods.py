"""统计时段: local days, from the first until before the end, and the instant things are told at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.domain.errors import FieldError, InvalidInput
from app.domain.work_calendar import LOCAL_ZONE

LONGEST_YEARS = 3
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Period:
    """时段 [first, end). Raises `InvalidInput` when it is empty or longer than three years."""

    first: date
    end: date

    def __post_init__(self) -> None:
        if self.first >= self.end:
            raise _bad("/to", "结束日期（不含）须晚于开始日期。")
        if self.end > self.first + timedelta(days=366 * LONGEST_YEARS):
            raise _bad("/to", f"时段不能超过 {LONGEST_YEARS} 年。")

    @property
    def starts_at(self) -> datetime:
        """Local midnight, from which things count."""
        return _midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        """Local midnight, from which things no longer count."""
        return _midnight(self.end)

    def months(self) -> "Iterator[Period]":
        """The period cut at the borders of calendar months."""
        first = self.first
        while first < self.end:
            next_month = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
            yield Period(first, min(next_month, self.end))
            first = next_month


def told_at(until: date | None, period: Period, *, at: datetime) -> datetime:
    """The last instant that counts: the end of the local day `until`, or now.

    Raises `InvalidInput` for a day before the period or after today.
    """
    if until is None:
        return at
    if not period.first <= until <= at.astimezone(LOCAL_ZONE).date():
        raise _bad("/as_of", "截至日期应在时段开始之后、今天之前（均含当日）。")
    return min(at, _midnight(until + timedelta(days=1)) - SECOND)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)


def _bad(pointer: str, detail: str) -> InvalidInput:
    return InvalidInput([FieldError(pointer, "period", detail)])
