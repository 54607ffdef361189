"""会议任务: given by the minutes of a joint meeting, ticked off one by one.

The meeting is settled by its conclusion; what it gave each unit to do is a matter of that unit,
which keeps the ticket from ending (domain, 4.4: close only if no open promise) and outlasts the
answer. Another meeting adds to it.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.actor import UNIT_ROLES, Actor
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.joint_meeting import MeetingAction
from app.domain.facts.meeting_tasks import TaskDone
from app.domain.matters import matter_of, opened, settled
from app.domain.meeting_tasks import Task, open_tasks, tasks_of, with_tasks
from app.domain.terms import Moment
from app.domain.ticket_records import Matter
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind, MatterOutcome
from app.domain.work_calendar import local_time

KIND = MatterKind.MEETING_TASK
TASK_DONE, ALL_DONE = "task_done", "all_done"


def given(
    state: TicketState, actions: Sequence[MeetingAction], actor: Actor, moment: Moment
) -> list[Matter]:
    """The matters of the units that the minutes name, with their tasks in addition."""
    last = max((one["number"] for matter in _all(state) for one in tasks_of(matter)), default=0)
    told = {
        number: (action.organisation_id, _task(number, action))
        for number, action in enumerate(actions, start=last + 1)
    }
    matters: list[Matter] = []
    new = opened(state, KIND, {}, actor, moment)
    for unit in dict.fromkeys(action.organisation_id for action in actions):
        matter = matter_of(state, KIND, unit)
        if matter is None:
            matter, new = replace(new, organisation_id=unit), replace(new, seq=new.seq + 1)
        more = [task for owner, task in told.values() if owner == unit]
        matters.append(with_tasks(matter, [*tasks_of(matter), *more], moment.terms.calendar))
    return matters


def complete_meeting_task(
    state: TicketState, facts: TaskDone, actor: Actor, moment: Moment
) -> Effect:
    """完成会议任务: by its unit, or the centre for it. Raises `InvalidInput` for none that is open.

    The last task of a unit settles the matter.
    """
    matter, task = _found(state, facts.task_number, actor)
    done = {"done_on": local_time(moment.at).date().isoformat(), "note": facts.note}
    tasks = [{**one, **done} if one is task else one for one in tasks_of(matter)]
    after = with_tasks(matter, tasks, moment.terms.calendar)
    if not open_tasks(tasks):
        after = settled(after, MatterOutcome.DONE, actor, moment)
    still_open = [one for one in _all(state) if one.is_open and one.seq != matter.seq]
    return Effect(
        records=(after,),
        facts={
            "organisation_id": matter.organisation_id,
            "task_number": facts.task_number,
            "task": task["task"],
            "note": facts.note,
        },
        outcome=TASK_DONE if after.is_open or still_open else ALL_DONE,
    )


def _task(number: int, action: MeetingAction) -> Task:
    return {
        "number": number,
        "task": action.task,
        "due_on": action.due_on.isoformat(),
        "done_on": None,
        "note": None,
        "is_late": False,
    }


def _all(state: TicketState) -> list[Matter]:
    return [matter for matter in state.matters if matter.kind is KIND]


def _found(state: TicketState, number: int, actor: Actor) -> tuple[Matter, Task]:
    for matter in _all(state):
        is_own = matter.organisation_id == actor.organisation_id or actor.role not in UNIT_ROLES
        for task in open_tasks(tasks_of(matter)) if matter.is_open and is_own else ():
            if task["number"] == number:
                return matter, task
    detail = "没有这项未完成的任务，或任务不属于本单位。"
    raise InvalidInput([FieldError("/task_number", "unknown-task", detail)])
