"""第二步 协调: which units handle the ticket."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.actor import Actor, Role
from app.domain.clock_moves import ClockMove, Verb, standing
from app.domain.decisions.progress import first_report
from app.domain.decisions.transferring import transfer_ended
from app.domain.errors import FieldError, InvalidInput, Refused
from app.domain.facts.coordination import Dispatch
from app.domain.facts.returning import Conclusion
from app.domain.guards.rework import needs_other_hands
from app.domain.returns import bound_units, has_asked, needs_consultation, returned_by
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Assignment
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import (
    AssignmentState,
    TicketClass,
    UnitRole,
)

BY_OTHERS = "多轮重办应由其他单位办理；仍由原单位办理的，请督导派单。"
RETURNED_BEFORE = "该单位的退回已获支持，须经会商裁定才能再派。"
CLOCK_OF = {UnitRole.LEAD: ClockKind.ASSIGNMENT, UnitRole.CO: ClockKind.OPINION}


class ConsultationNeeded(Refused):
    """本件已多次裁定退回，须先召集会商，由会商结论确定承办单位。"""

    code = "consultation-needed"


@dataclass(frozen=True, slots=True)
class Team:
    """Who is to handle a ticket, and what they are told; `bound` may not return it.

    `silence_is_consent`: a helping unit that says nothing in its time is taken to agree.
    """

    lead: int
    helping: tuple[int, ...]
    instruction: str | None = None
    bound: frozenset[int] = frozenset()
    silence_is_consent: bool = False

    def roles(self) -> Iterator[tuple[int, UnitRole]]:
        yield self.lead, UnitRole.LEAD
        for unit in self.helping:
            yield unit, UnitRole.CO


def dispatch(state: TicketState, facts: Dispatch, actor: Actor, moment: Moment) -> Effect:
    """派单: one lead, any co units; each unit's own clock runs from now.

    Units that help already go on as they are; after so many returns a consultation says
    who handles.
    """
    if needs_consultation(state):
        raise ConsultationNeeded
    bound = bound_units(state)
    check_units(state, facts, bound, actor)
    units = facts.lead_organisation_id, facts.co_organisation_ids
    effect = assigned(
        state, Team(*units, facts.instruction, bound, facts.silence_is_consent), moment
    )
    told: dict[str, object] = {"instruction": facts.instruction}
    if facts.template_code is not None:
        told |= {
            "template_code": facts.template_code,
            "silence_is_consent": facts.silence_is_consent,
        }
    return replace(effect, facts={**effect.facts, **told})


def check_units(
    state: TicketState, facts: Dispatch | Conclusion, bound: frozenset[int], actor: Actor
) -> None:
    """Raises `InvalidInput` for a unit that is named twice, or that may not have the ticket.

    That is one that is complained of; one that has returned it and is not `bound`; and, from
    the round for other hands on, one that had it before, unless the supervisor says so.
    """
    named = named_units(facts)
    if len(set(named.values())) != len(named):
        detail = "主办与协办单位不得重复。"
        raise InvalidInput([FieldError("/co_organisation_ids", "distinct", detail)])
    errors = [
        FieldError(pointer, code, detail)
        for barred, code, detail in _barred(state, bound, actor)
        for pointer, unit in named.items()
        if unit in barred
    ]
    if errors:
        raise InvalidInput(errors)


def _barred(
    state: TicketState, bound: frozenset[int], actor: Actor
) -> Iterator[tuple[Collection[int], str, str]]:
    yield state.complained_organisation_ids, "complained-of", "被投诉的单位不得承办。"
    yield returned_by(state) - bound, "returned-before", RETURNED_BEFORE
    if needs_other_hands(state) and actor.role is not Role.SUPERVISOR:
        earlier = {one.organisation_id for one in state.assignments if one.round < state.round}
        yield earlier, "earlier-round", BY_OTHERS


def named_units(facts: Dispatch | Conclusion) -> dict[str, int]:
    """The units that are named, by the place where they are."""
    helping = enumerate(facts.co_organisation_ids)
    return {
        "/lead_organisation_id": facts.lead_organisation_id,
        **{f"/co_organisation_ids/{index}": unit for index, unit in helping},
    }


def assigned(state: TicketState, team: Team, moment: Moment) -> Effect:
    """The assignments of the team, with their clocks; who has its part already keeps it.

    The lead's comes last, as rows are written one by one: a lead that now helps makes way first.
    """
    records: list[Assignment] = []
    moves: list[ClockMove] = []
    for unit, role in team.roles():
        own = state.assignment_of(unit)
        if own is not None and own.role is role:
            records += [replace(own, return_until=None)] if unit in team.bound else []
            continue
        if own is not None:
            moves += unit_stopped(state, own)
        part = _part(state, team, (unit, role), moment)
        records.append(replace(part, opinion=own.opinion) if own else part)
        moves.append(_unit_clock(state, part, moment))
    records.sort(key=lambda part: part.role is UnitRole.LEAD)
    lead = {"lead_organisation_id": team.lead}
    return Effect(
        values=lead | handling_units(state, team.lead, *team.helping),
        records=tuple(records),
        moves=(
            *moves,
            *transfer_ended(state),
            *first_report(state, state.ticket_class, moment),
        ),
        facts=lead | {"co_organisation_ids": list(team.helping)},
    )


def unit_stopped(state: TicketState, part: Assignment) -> list[ClockMove]:
    """The unit's own clock of its part ends, if it still stands."""
    kind, unit = CLOCK_OF[part.role], part.organisation_id
    running = standing(state.clocks, state.round, kind)
    return [ClockMove(Verb.STOP, kind, unit) for one in running if one.organisation_id == unit]


def handling_units(state: TicketState, *units: int) -> dict[str, list[int]]:
    """The units that may not revisit, these among them."""
    known = state.handler_organisation_ids
    return {"handler_organisation_ids": [*known, *(unit for unit in units if unit not in known)]}


def _part(
    state: TicketState, team: Team, named: tuple[int, UnitRole], moment: Moment
) -> Assignment:
    unit, role = named
    may_return = unit not in team.bound and not has_asked(state, unit)
    return Assignment(
        round=state.round,
        organisation_id=unit,
        role=role,
        state=AssignmentState.DISPATCHED,
        instruction=team.instruction,
        dispatched_at=moment.at,
        silence_is_consent=team.silence_is_consent and role is UnitRole.CO,
        return_until=_return_until(state, moment) if may_return else None,
    )


def _return_until(state: TicketState, moment: Moment) -> datetime:
    """Who would not have it says so in the time that is given to rule on it (domain, 4.4)."""
    ticket_class = state.ticket_class or TicketClass.NORMAL
    limit = moment.terms.limit(ticket_class, ClockKind.RULING)
    return limit.due_after(moment.terms.calendar, at=moment.at)


def _unit_clock(state: TicketState, assignment: Assignment, moment: Moment) -> ClockMove:
    kind = CLOCK_OF[assignment.role]
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
