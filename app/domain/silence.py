"""久未联系: on which morning of a week housekeepers are told whom they have left alone.

Source: domain, section 8 (weekly digest, privately).
"""

from datetime import date, datetime, timedelta

from app.domain.reminder_days import morning_of
from app.domain.work_calendar import WorkCalendar, local_time

WEEK = timedelta(weeks=1)


def latest_week(calendar: WorkCalendar, *, at: datetime) -> tuple[date, datetime]:
    """The Monday of the last week whose telling has come by `at`, and the opening at which it did.

    Where the Monday is a rest day it comes on the next working day, be that in the week after; of
    weeks that were missed, or that come on one morning, only the latest.
    """
    today = local_time(at).date()
    monday = today - timedelta(days=today.weekday())
    while (opening := morning_of(calendar, monday)) > at:
        monday -= WEEK
    return monday, opening
