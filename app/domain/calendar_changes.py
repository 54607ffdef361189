"""What a newer work calendar changes: which days, and which clocks have counted one of them."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta

from app.domain.sla_clock import Clock
from app.domain.work_calendar import WorkCalendar, local_time

_DAY = timedelta(days=1)


def changed_days(old: WorkCalendar, new: WorkCalendar) -> tuple[date, ...]:
    """The days known to both on which office hours differ, or the list is now official, in order.

    A deadline that was marked provisional loses the mark when the list arrives, moved or not.
    """
    first = max(old.first_day, new.first_day)
    count = (min(old.last_day, new.last_day) - first).days + 1
    days = (first + number * _DAY for number in range(count))
    return tuple(day for day in days if _is_changed(day, old, new))


def has_counted(clock: Clock, days: Sequence[date]) -> bool:
    """Does the stretch that a standing clock has counted, or is to count, meet one of `days`?

    `days` in order. From its start to its due time; a paused one to the pause: what comes after
    is counted when it goes on. A limit in calendar time meets none.
    """
    end = clock.due_at or clock.paused_at
    if clock.is_stopped or end is None or not clock.limit.is_in_office_hours:
        return False
    first = local_time(clock.started_at).date()
    last = (local_time(end) - timedelta(seconds=1)).date()
    index = bisect_left(days, first)
    return index < len(days) and days[index] <= last


def _is_changed(day: date, old: WorkCalendar, new: WorkCalendar) -> bool:
    is_settled = old.years[day.year].is_provisional != new.years[day.year].is_provisional
    return is_settled or old.hours_on(day) != new.hours_on(day)
