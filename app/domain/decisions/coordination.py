"""第二步 协调: which units handle the ticket."""

from app.domain.actor import Actor, Role
from app.domain.clock_moves import ClockMove, Verb
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.coordination import Dispatch
from app.domain.guards.rework import OTHER_HANDS
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Assignment
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import (
    AssignmentState,
    TicketClass,
    UnitRole,
)

BY_OTHERS = "第三轮起应由其他单位办理；仍由原单位办理的，请督导派单。"


def dispatch(state: TicketState, facts: Dispatch, actor: Actor, moment: Moment) -> Effect:
    """派单: one lead, any co units; each unit's own clock runs from now."""
    _check_units(state, facts, actor)
    units = (facts.lead_organisation_id, *facts.co_organisation_ids)
    assignments = tuple(
        Assignment(
            round=state.round,
            organisation_id=unit,
            role=UnitRole.LEAD if unit == facts.lead_organisation_id else UnitRole.CO,
            state=AssignmentState.DISPATCHED,
            instruction=facts.instruction,
            dispatched_at=moment.at,
        )
        for unit in units
    )
    lead = {"lead_organisation_id": facts.lead_organisation_id}
    others = {"co_organisation_ids": list(facts.co_organisation_ids)}
    return Effect(
        values=lead | handling_units(state, *units),
        records=assignments,
        moves=tuple(_unit_clock(state, assignment, moment) for assignment in assignments),
        facts=lead | others | {"instruction": facts.instruction},
    )


def _check_units(state: TicketState, facts: Dispatch, actor: Actor) -> None:
    """Past the units that are complained of; from the third round on past those that had it before,
    unless the supervisor says so.
    """
    units = (facts.lead_organisation_id, *facts.co_organisation_ids)
    if len(set(units)) != len(units):
        detail = "主办与协办单位不得重复。"
        raise InvalidInput([FieldError("/co_organisation_ids", "distinct", detail)])
    named = {
        "/lead_organisation_id": facts.lead_organisation_id,
        **{f"/co_organisation_ids/{i}": unit for i, unit in enumerate(facts.co_organisation_ids)},
    }
    earlier = {one.organisation_id for one in state.assignments if one.round < state.round}
    is_free = state.round < OTHER_HANDS or actor.role is Role.SUPERVISOR
    against = (
        (state.complained_organisation_ids, "complained-of", "被投诉的单位不得承办。"),
        ((), "", "") if is_free else (earlier, "earlier-round", BY_OTHERS),
    )
    errors = [
        FieldError(pointer, code, detail)
        for barred, code, detail in against
        for pointer, unit in named.items()
        if unit in barred
    ]
    if errors:
        raise InvalidInput(errors)


def handling_units(state: TicketState, *units: int) -> dict[str, list[int]]:
    """The units that may not revisit, these among them."""
    known = state.handler_organisation_ids
    return {"handler_organisation_ids": [*known, *(unit for unit in units if unit not in known)]}


def _unit_clock(state: TicketState, assignment: Assignment, moment: Moment) -> ClockMove:
    kind = ClockKind.ASSIGNMENT if assignment.role is UnitRole.LEAD else ClockKind.OPINION
    ticket_class = state.ticket_class or TicketClass.NORMAL
    limit = moment.terms.limit(ticket_class, kind, state.promised_days)
    is_rework = state.round > 1
    return ClockMove(
        Verb.START,
        kind,
        organisation_id=assignment.organisation_id,
        limit=limit.halved() if is_rework and kind is ClockKind.ASSIGNMENT else limit,
        policy_id=moment.terms.policy(ticket_class, kind).id,
    )
