"""工作日历告警: from December on, while the list of the next year is not there."""

import logging

from app import clock
from app.db import transaction
from app.domain.message_kinds import MessageKind
from jobs.runner import Outcome
from services.notifications.alarms import tell_administrators
from services.promises.versions import year_that_is_missing

log = logging.getLogger(__name__)


def watch_calendar() -> Outcome:
    """Warn in the log each day, and every system administrator once a week."""
    at = clock.now()
    with transaction():
        year = year_that_is_missing(at=at)
        if year is None:
            return Outcome()
        log.warning("the official calendar of %d is missing", year)
        week = at.isocalendar()
        alarm = f"calendar:{year}:{week.year}-{week.week}"
        told = tell_administrators(MessageKind.CALENDAR_MISSING, alarm, str(year), at=at)
    return Outcome(items=told, notes=[f"缺少 {year} 年的放假安排"])
