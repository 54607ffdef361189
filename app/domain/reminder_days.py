"""到日提醒: at which hour somebody is reminded of a day that was named."""

from datetime import date, datetime, time, timedelta

from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar

AFTERNOON = time(16)
"""When one is told what is tomorrow (domain, section 8)."""

ONE = timedelta(days=1)
WEEKEND = 5


def morning_of(calendar: WorkCalendar, day: date) -> datetime:
    """When offices open on `day`; where it is not worked on, on the next that is."""
    while not _is_worked(calendar, day):
        day += ONE
    hours = calendar.hours_on(day) if _is_known(calendar, day) else calendar.periods
    return datetime.combine(day, hours[0][0], LOCAL_ZONE)


def afternoon_before(calendar: WorkCalendar, day: date) -> datetime:
    """Four o'clock on the last working day before `day`."""
    before = day - ONE
    while not _is_worked(calendar, before):
        before -= ONE
    return datetime.combine(before, AFTERNOON, LOCAL_ZONE)


def working_day_after(calendar: WorkCalendar, day: date) -> date:
    """The first day after `day` that is worked on."""
    day += ONE
    while not _is_worked(calendar, day):
        day += ONE
    return day


def ahead(instant: datetime, *, at: datetime) -> datetime | None:
    """The instant, unless it is over: who has just been told needs no reminder."""
    return instant if instant > at else None


def _is_known(calendar: WorkCalendar, day: date) -> bool:
    return calendar.first_day <= day <= calendar.last_day


def _is_worked(calendar: WorkCalendar, day: date) -> bool:
    """In years that have no calendar yet, any weekday."""
    return calendar.is_workday(day) if _is_known(calendar, day) else day.weekday() < WEEKEND
