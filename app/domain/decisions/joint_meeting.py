"""联席会议: the leaders decide who does what until when; nobody named may return it.

Source: domain, 4.4 (three tiers) and section 9 (meeting with binding minutes, action list).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.actor import Actor
from app.domain.decisions.consultation import concluded
from app.domain.decisions.coordination import named_units
from app.domain.decisions.meeting_tasks import given
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.joint_meeting import JointMeeting, MeetingAction, MeetingConclusion
from app.domain.matters import consented, lapsed, matter_of, opened
from app.domain.reminder_days import afternoon_before, ahead
from app.domain.terms import Moment
from app.domain.ticket_records import Assignment, Matter, Record
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind
from app.domain.work_calendar import local_time

MEETING_MOVED = "moved"


def convene_joint_meeting(
    state: TicketState, facts: JointMeeting, actor: Actor, moment: Moment
) -> Effect:
    """召集联席会议: a consultation that is under way is left to it.

    One that is called already is moved: another day, other units, another agenda.
    """
    errors = [*_past("/held_on", facts.held_on, moment), *_complained_of(state, facts)]
    if errors:
        raise InvalidInput(errors)
    details: dict[str, Any] = {
        "organisation_ids": list(facts.organisation_ids),
        "agenda": facts.agenda,
        "held_on": facts.held_on.isoformat(),
    }
    eve = ahead(afternoon_before(moment.terms.calendar, facts.held_on), at=moment.at)
    called = matter_of(state, MatterKind.JOINT_MEETING)
    if called is not None:
        moved = replace(called, details=details, remind_at=eve)
        return Effect(
            records=(moved,), facts=details | _excused(called, facts), outcome=MEETING_MOVED
        )
    meeting = consented(
        opened(state, MatterKind.JOINT_MEETING, details, actor, moment), actor, moment
    )
    below = matter_of(state, MatterKind.CONSULTATION)
    left = () if below is None else (lapsed(below, at=moment.at),)
    return Effect(records=(*left, replace(meeting, remind_at=eve)), facts=details)


def _excused(called: Matter, facts: JointMeeting) -> dict[str, Any]:
    """The units that need not come any more."""
    excused = [
        one for one in called.details["organisation_ids"] if one not in facts.organisation_ids
    ]
    return {"excused_organisation_ids": excused}


def conclude_joint_meeting(
    state: TicketState, facts: MeetingConclusion, actor: Actor, moment: Moment
) -> Effect:
    """联席会议结论: dispatches like a consultation's, and tells each unit what is its to do."""
    matter = matter_of(state, MatterKind.JOINT_MEETING)
    if matter is None:
        raise LookupError("a joint meeting is concluded while it is open")
    errors = list(_unfit(facts, moment))
    if errors:
        raise InvalidInput(errors)
    agreed = {"actions": [_as_json(one) for one in facts.actions]}
    held = replace(matter, details={**matter.details, **agreed})
    effect = concluded(state, held, facts.units, actor, moment)
    return replace(
        effect,
        records=(
            *(_with_tasks(record, facts.actions) for record in effect.records),
            *given(state, facts.actions, actor, moment),
        ),
        facts={**effect.facts, **agreed},
    )


def _unfit(facts: MeetingConclusion, moment: Moment) -> Iterator[FieldError]:
    """Actions of units that do not handle the ticket, or that were due before today."""
    named = set(named_units(facts.units).values())
    for index, action in enumerate(facts.actions):
        if action.organisation_id not in named:
            detail = "责任单位应是结论中的主办或协办单位。"
            yield FieldError(f"/actions/{index}/organisation_id", "not-in-team", detail)
        yield from _past(f"/actions/{index}/due_on", action.due_on, moment)


def _past(pointer: str, day: date, moment: Moment) -> Iterator[FieldError]:
    if day < local_time(moment.at).date():
        yield FieldError(pointer, "range", "日期不能早于今天。")


def _complained_of(state: TicketState, facts: JointMeeting) -> Iterator[FieldError]:
    for index, unit in enumerate(facts.organisation_ids):
        if unit in state.complained_organisation_ids:
            detail = "被投诉的单位不得参加。"
            yield FieldError(f"/organisation_ids/{index}", "complained-of", detail)


def _as_json(action: MeetingAction) -> Mapping[str, Any]:
    return {
        "organisation_id": action.organisation_id,
        "task": action.task,
        "due_on": action.due_on.isoformat(),
    }


def _with_tasks(record: Record, actions: tuple[MeetingAction, ...]) -> Record:
    """The part of a unit, told what the meeting gave it to do."""
    if not isinstance(record, Assignment):
        return record
    tasks = [
        f"{one.task}（{one.due_on:%Y-%m-%d} 前）"
        for one in actions
        if one.organisation_id == record.organisation_id
    ]
    return replace(record, instruction="；".join(tasks)) if tasks else record
