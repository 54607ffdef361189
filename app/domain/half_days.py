"""半天: mornings and afternoons of working days; an instant outside office hours counts onwards.

Source: domain, section 6 (three attempts on three half-days), and 4.2 (from the next opening).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar

NOON = time(12)


@dataclass(frozen=True, slots=True)
class HalfDay:
    """The morning or the afternoon of a working day."""

    day: date
    is_afternoon: bool


def half_day_of(calendar: WorkCalendar, *, at: datetime) -> HalfDay:
    """The half-day in which `at` lies, or that follows it. Raises `UnknownCalendarYear`."""
    opening = calendar.opening_after(at)
    return HalfDay(opening.date(), is_afternoon=opening.time() >= NOON)


def next_half_day(calendar: WorkCalendar, *, at: datetime) -> datetime:
    """From when the half-day that follows that of `at` is worked. Raises `UnknownCalendarYear`."""
    present = half_day_of(calendar, at=at)
    noon = datetime.combine(present.day, NOON, LOCAL_ZONE)
    if not present.is_afternoon:
        opening = calendar.opening_after(noon)
        if opening.date() == present.day:
            return opening
    midnight = datetime.combine(present.day + timedelta(days=1), time(), LOCAL_ZONE)
    return calendar.opening_after(midnight)
