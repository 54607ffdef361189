"""到日提醒: what has a day of its own beside the clocks is reminded of once.

The joint meeting the afternoon before, a task of it the morning after its day, what is tracked open
on the morning of its review.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from app.domain.actor import Actor
from app.domain.decisions.aftercare import NotYet
from app.domain.facts.reminding import DayReminding
from app.domain.meeting_tasks import open_tasks, tasks_of, with_tasks
from app.domain.terms import Moment
from app.domain.ticket_records import Matter
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind
from app.domain.work_calendar import local_time

MEETING_TOMORROW, MEETING_OVER = "meeting_tomorrow", "meeting_over"
TASK_LATE, REVIEW_DUE = "task_late", "review_due"


def remind_of_day(state: TicketState, facts: DayReminding, _: Actor, moment: Moment) -> Effect:
    """到日提醒: refused when it is not due, was given, or the matter is settled or put off."""
    for matter in state.matters:
        at = matter.remind_at
        if matter.seq == facts.seq and matter.is_open and at is not None and at <= moment.at:
            return _REMINDING[matter.kind](matter, moment)
    raise NotYet


def _meeting(matter: Matter, moment: Moment) -> Effect:
    """Who comes, and who called it; nobody once the day has come."""
    is_over = date.fromisoformat(matter.details["held_on"]) <= local_time(moment.at).date()
    return Effect(
        records=(replace(matter, remind_at=None),),
        facts={name: matter.details[name] for name in ("organisation_ids", "held_on")},
        outcome=MEETING_OVER if is_over else MEETING_TOMORROW,
    )


def _tasks(matter: Matter, moment: Moment) -> Effect:
    today = local_time(moment.at).date().isoformat()
    late = [
        one["number"]
        for one in open_tasks(tasks_of(matter))
        if one["due_on"] < today and not one["is_late"]
    ]
    tasks = [
        {**one, "is_late": one["is_late"] or one["number"] in late} for one in tasks_of(matter)
    ]
    return Effect(
        records=(with_tasks(matter, tasks, moment.terms.calendar),),
        facts={"organisation_id": matter.organisation_id, "task_numbers": late},
        outcome=TASK_LATE,
    )


def _review(matter: Matter, _: Moment) -> Effect:
    told = ("next_review_on", "owner_organisation_id", "owner_housekeeper_id")
    return Effect(
        records=(replace(matter, remind_at=None),),
        facts={name: matter.details[name] for name in told},
        outcome=REVIEW_DUE,
    )


_REMINDING: Mapping[MatterKind, Callable[[Matter, Moment], Effect]] = {
    MatterKind.JOINT_MEETING: _meeting,
    MatterKind.MEETING_TASK: _tasks,
    MatterKind.TRACKING: _review,
}
