"""延期: the lead unit asks, stands behind it, and somebody above decides. Rules: domain, 4.4."""

from dataclasses import replace
from typing import Any

from app.domain.actor import Actor, Role
from app.domain.clock_moves import ClockMove, Verb, standing
from app.domain.decisions.settling import (
    GRANTED,
    REJECTED,
    asked_of,
    opened_by_office,
    ruled,
    unconsented,
)
from app.domain.errors import Refused
from app.domain.facts.extension import ExtensionRequest, Ruling
from app.domain.limits import Limit, Unit
from app.domain.matters import SUPERVISOR, consented, granted, matter_of
from app.domain.rules import Rule
from app.domain.sla import extend
from app.domain.sla_clock import Clock, ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Matter
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind, TicketClass

DECIDED_BY = (None, SUPERVISOR)
"""The level of each extension of a round: the first is a coordinator's, the second a supervisor's.

There is nobody above them for a third, so how many there are is no number to be set.
"""

TIMES = len(DECIDED_BY)


class ExtensionTooLate(Refused):
    """距办结时限已近，不再受理延期申请，请继续抓紧办理。"""

    code = "extension-too-late"


class NotExtendable(Refused):
    """本件的办结时限不能延期。"""

    code = "not-extendable"


def request_extension(
    state: TicketState, facts: ExtensionRequest, actor: Actor, moment: Moment
) -> Effect:
    """申请延期: in time, within the caps; what a handler asks, the own approver stands behind."""
    finish = _finish(state)
    more = Limit(facts.days, Unit.WORKING_DAYS)
    _check_caps(state, finish, more, moment)
    _check_in_time(finish, moment)
    earlier = granted(state, MatterKind.EXTENSION)
    details: dict[str, Any] = {
        "days": facts.days,
        "reason": facts.reason,
        "plan": facts.plan,
        "new_due_at": _due_with(finish, more, moment),
    }
    if level := DECIDED_BY[len(earlier)]:
        details["level"] = level
    matter = opened_by_office(state, MatterKind.EXTENSION, details, actor, moment)
    if actor.role is not Role.UNIT_APPROVER:
        matter = unconsented(matter)
    return Effect(records=(matter,), facts=_told(matter), outcome=asked_of(matter))


def consent_extension(state: TicketState, facts: Ruling, actor: Actor, moment: Moment) -> Effect:
    """本单位审批: the request goes on to who decides, or ends here."""
    matter = _open(state, actor.organisation_id)
    if not facts.approved:
        ended = ruled(matter, facts, actor, moment)
        return Effect(records=(ended,), facts=_told(ended), outcome=REJECTED)
    own = consented(matter, actor, moment)
    note = {"note": facts.note} if facts.note else {}
    return Effect(records=(own,), facts=_told(own) | note, outcome=asked_of(own))


def rule_extension(state: TicketState, facts: Ruling, actor: Actor, moment: Moment) -> Effect:
    """审批延期: the enterprise clock and that of the lead move on by as many working days.

    The caps are looked at again: a retarget may have come between. Raises `NotExtendable`.
    """
    matter = ruled(_open(state, state.lead_organisation_id), facts, actor, moment)
    if not facts.approved:
        return Effect(records=(matter,), facts=_told(matter), outcome=REJECTED)
    more = Limit(matter.details["days"], Unit.WORKING_DAYS)
    finish = _finish(state)
    _check_caps(state, finish, more, moment)
    details = {**matter.details, "new_due_at": _due_with(finish, more, moment)}
    matter = replace(matter, details=details)
    return Effect(
        records=(matter,),
        moves=tuple(
            ClockMove(Verb.EXTEND, clock.kind, clock.organisation_id, limit=more)
            for clock in (finish, *_of_lead(state))
        ),
        facts=_told(matter),
        outcome=GRANTED,
    )


def _check_in_time(finish: Clock, moment: Moment) -> None:
    """So many working days before the due time at the latest (domain, 4.4)."""
    days = moment.terms.rules[Rule.EXTENSION_DAYS_BEFORE_DUE]
    earliest = Limit(days, Unit.WORKING_DAYS).due_after(moment.terms.calendar, at=moment.at)
    if finish.due_at is None or earliest > finish.due_at:
        detail = f"距办结时限已不足 {days} 个工作日，不再受理延期申请，请继续抓紧办理。"
        raise ExtensionTooLate(detail)


def _check_caps(state: TicketState, finish: Clock, more: Limit, moment: Moment) -> None:
    """What a class may be extended by is data; a class without caps is not extended."""
    ticket_class = state.ticket_class or TicketClass.NORMAL
    policy = moment.terms.policy(ticket_class, ClockKind.FINISH)
    caps = (policy.extension_days, policy.total_days)
    if caps == (None, None) or finish.limit_unit is not Unit.WORKING_DAYS:
        raise NotExtendable
    if len(granted(state, MatterKind.EXTENSION)) >= TIMES:
        raise NotExtendable(f"同一轮办理最多延期 {TIMES} 次，请抓紧办理。")
    added = finish.extended_by + more.amount
    if policy.extension_days is not None and added > policy.extension_days:
        raise NotExtendable(f"延期合计不超过 {policy.extension_days} 个工作日。")
    if policy.total_days is not None and finish.limit_amount + added > policy.total_days:
        raise NotExtendable(f"办结时限连同延期不超过 {policy.total_days} 个工作日。")


def _due_with(finish: Clock, more: Limit, moment: Moment) -> str | None:
    """When it is due with so much more, as text; counted on the clock's own calendar."""
    own = moment.terms.calendars(finish.calendar_version, finish.hours_area)
    ladder = moment.terms.ladders[finish.policy_id]
    due_at = extend(finish, own, ladder, more, at=moment.at).due_at
    return due_at.isoformat() if due_at else None


def _finish(state: TicketState) -> Clock:
    for clock in standing(state.clocks, state.round, ClockKind.FINISH):
        return clock
    raise LookupError("a ticket that is handled has a time to finish")


def _of_lead(state: TicketState) -> list[Clock]:
    own = standing(state.clocks, state.round, ClockKind.ASSIGNMENT)
    return [clock for clock in own if clock.limit_unit is Unit.WORKING_DAYS]


def _open(state: TicketState, organisation_id: int | None) -> Matter:
    matter = matter_of(state, MatterKind.EXTENSION, organisation_id)
    if matter is None:
        raise LookupError("an extension is ruled on while it is open")
    return matter


def _told(matter: Matter) -> dict[str, Any]:
    note = {"note": matter.note} if matter.note else {}
    return {**matter.details, "organisation_id": matter.organisation_id, **note}
