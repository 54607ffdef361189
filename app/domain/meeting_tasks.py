"""会议任务: what a joint meeting gave a unit to do, each with its day, until it is done.

The tasks of one unit are one matter. A task is JSON: `number` (within the ticket), `task`,
`due_on`, `done_on` and `note` once it is done, `is_late` once its unit was reminded of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeAlias

from app.domain.reminder_days import morning_of
from app.domain.ticket_records import Matter
from app.domain.work_calendar import WorkCalendar

Task: TypeAlias = Mapping[str, Any]

ONE = timedelta(days=1)


def tasks_of(matter: Matter) -> list[Task]:
    """All tasks of the matter, done or not."""
    return list(matter.details.get("tasks", ()))


def open_tasks(tasks: Iterable[Task]) -> list[Task]:
    """Those that are not done."""
    return [one for one in tasks if one["done_on"] is None]


def with_tasks(matter: Matter, tasks: Iterable[Task], calendar: WorkCalendar) -> Matter:
    """The matter with these tasks; reminded of on the morning after the next day that is due."""
    told = list(tasks)
    waiting = open_tasks(told)
    due = [date.fromisoformat(one["due_on"]) for one in waiting if not one["is_late"]]
    return replace(
        matter,
        details={"tasks": told, "is_late": any(one["is_late"] for one in waiting)},
        remind_at=morning_of(calendar, min(due) + ONE) if due else None,
    )
