"""时限的长度: an amount in one of four units, and how far it reaches from a given instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.work_calendar import Interval, WorkCalendar, local_time


class Unit(StrEnum):
    """What a limit counts in. The first two run in office hours, the others at any hour."""

    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"
    MINUTES = "minutes"
    DAYS = "days"


_SECONDS = {Unit.WORKING_MINUTES: 60, Unit.MINUTES: 60, Unit.DAYS: 86_400}


@dataclass(frozen=True, slots=True)
class Limit:
    """时限: so many working minutes, working days, minutes or days."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"negative limit {self.amount}")

    @property
    def is_in_office_hours(self) -> bool:
        """Does it stand still outside office hours?"""
        return self.unit in {Unit.WORKING_MINUTES, Unit.WORKING_DAYS}

    def halved(self) -> "Limit":
        """Half of it, rounded up to whole units (domain.md 4.2)."""
        return Limit((self.amount + 1) // 2, self.unit)

    def base_start(self, calendar: WorkCalendar, *, at: datetime) -> datetime:
        """The instant from which a limit given at `at` really counts."""
        return calendar.opening_after(at) if self.is_in_office_hours else local_time(at)

    def due_after(self, calendar: WorkCalendar, *, at: datetime) -> datetime:
        """When a limit given at `at` ends; working days end at closing time (domain.md 4.2)."""
        if self.unit is Unit.WORKING_DAYS:
            return calendar.close_of_day(at, self.amount)
        return self.add_seconds(calendar, at, self.amount * _SECONDS[self.unit])

    def add_seconds(self, calendar: WorkCalendar, instant: datetime, seconds: int) -> datetime:
        """The instant so many seconds of this limit's kind later (earlier when negative)."""
        if self.is_in_office_hours:
            return calendar.add_seconds(instant, seconds)
        return local_time(instant) + timedelta(seconds=seconds)

    def seconds_between(self, calendar: WorkCalendar, start: datetime, end: datetime) -> int:
        """Seconds of this limit's kind from start to end, negative when end is the earlier."""
        if self.is_in_office_hours:
            return calendar.working_seconds(start, end)
        return Interval(local_time(start), local_time(end)).seconds

    def intervals(self, calendar: WorkCalendar, start: datetime, end: datetime) -> list[Interval]:
        """The stretches of [start, end) in which this limit runs, in order."""
        if self.is_in_office_hours:
            return calendar.intervals(start, end)
        whole = Interval(local_time(start), local_time(end))
        return [whole] if whole.start < whole.end else []
