"""The shipped work calendar, one with night hours, and local instants, for the tests of limits."""

import json
from datetime import datetime
from importlib.resources import files

from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar

SHIPPED = json.loads(files("app.seed").joinpath("work_calendar.json").read_text("utf-8"))
CALENDAR = WorkCalendar.from_document(1, SHIPPED)
NIGHT_SHIFT = WorkCalendar.from_document(
    2, SHIPPED | {"periods": [["00:00", "02:00"], ["09:00", "17:00"], ["22:00", "24:00"]]}
)


def local(text: str) -> datetime:
    """ "2026-06-05 16:30" in China."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)
