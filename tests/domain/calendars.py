"""The shipped work calendar, one with night hours, and local instants, for the tests of limits."""

import json
from datetime import datetime
from importlib.resources import files

from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar

SHIPPED = json.loads(files("app.seed").joinpath("work_calendar.json").read_text("utf-8"))
CALENDAR = WorkCalendar.from_document(1, SHIPPED)


def shipped(_version: int, _area: str) -> WorkCalendar:
    """Where there is but the one calendar, it is that of every clock."""
    return CALENDAR


NIGHT_SHIFT = WorkCalendar.from_document(
    2, SHIPPED | {"periods": [["00:00", "02:00"], ["09:00", "17:00"], ["22:00", "24:00"]]}
)


SHORT_DAYS = WorkCalendar.from_document(3, SHIPPED | {"periods": [["09:00", "12:00"]]})
"""A later version with three hours a day."""


def published(version: int, _area: str) -> WorkCalendar:
    """The shipped calendar as version 1, NIGHT_SHIFT and SHORT_DAYS after it."""
    return {1: CALENDAR, 2: NIGHT_SHIFT, 3: SHORT_DAYS}[version]


def local(text: str) -> datetime:
    """ "2026-06-05 16:30" in China."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)
