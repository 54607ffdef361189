"""退回: a unit would not have it, its approver stands behind that, the coordinator rules."""

from dataclasses import asdict, replace

from app.domain.actor import Actor, Role
from app.domain.clock_moves import ClockMove, Verb, standing
from app.domain.decisions.coordination import ConsultationNeeded, unit_stopped
from app.domain.decisions.transferring import transfer_open_again
from app.domain.errors import FieldError, Forbidden, InvalidInput, Refused
from app.domain.facts.returning import ReturnConsent, ReturnRequest, ReturnRuling
from app.domain.matters import consented, lapsed, matter_of, opened, settled
from app.domain.returns import needs_consultation, open_returns
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Assignment, Matter, RoutingRule
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import (
    AssignmentState,
    MatterKind,
    MatterOutcome,
    Status,
    TicketClass,
    UnitRole,
)


class ReturnTooLate(Refused):
    """已过退回时限，请继续办理；职责确有争议的，可请协调员会商。"""

    code = "return-too-late"


class NoSuchReturn(Refused):
    """该单位没有待裁定的退回申请。"""

    code = "no-such-return"


def request_return(
    state: TicketState, facts: ReturnRequest, actor: Actor, moment: Moment
) -> Effect:
    """申请退回: an approver asks for the unit, anybody else waits for the unit's approver."""
    own = _own(state, actor)
    if facts.suggested_organisation_id == own.organisation_id:
        detail = "应建议本单位以外的承办单位。"
        raise InvalidInput([FieldError("/suggested_organisation_id", "own-unit", detail)])
    _check_in_time(own, moment)
    matter = replace(
        opened(state, MatterKind.RETURN, asdict(facts), actor, moment),
        organisation_id=own.organisation_id,
    )
    event_facts = asdict(facts) | {"organisation_id": own.organisation_id}
    if actor.role is Role.UNIT_APPROVER:
        return replace(_stood_behind(state, matter, actor, moment), facts=event_facts)
    return Effect(records=(matter,), facts=event_facts, outcome="asked")


def consent_return(
    state: TicketState, facts: ReturnConsent, actor: Actor, moment: Moment
) -> Effect:
    """本单位审批退回申请: with consent it is the unit's, and waits for the ruling."""
    own = _own(state, actor)
    matter = _return_of(state, own.organisation_id)
    event_facts = {"organisation_id": own.organisation_id, "note": facts.note}
    if not facts.agrees:
        declined = settled(matter, MatterOutcome.LAPSED, actor, moment, facts.note)
        return Effect(records=(declined,), facts=event_facts, outcome="declined")
    _check_in_time(own, moment)
    return replace(_stood_behind(state, matter, actor, moment), facts=event_facts)


def rule_return(state: TicketState, facts: ReturnRuling, actor: Actor, moment: Moment) -> Effect:
    """裁定退回: upheld, the part is nobody's until the next dispatch; else the unit goes on."""
    part = state.assignment_of(facts.organisation_id)
    if part is None:
        raise NoSuchReturn
    matter = _return_of(state, part.organisation_id)
    if matter.consented_at is None:
        raise NoSuchReturn
    if needs_consultation(state):
        raise ConsultationNeeded
    if not facts.upheld:
        return _rejected(state, matter, facts, actor, moment)
    ruled = settled(matter, MatterOutcome.GRANTED, actor, moment, facts.note)
    suggested = matter.details["suggested_organisation_id"]
    rule = routing_rule(state, matter.seq, suggested, actor, moment)
    effect = Effect(
        records=(sent_back(part, moment), ruled, rule),
        moves=(*unit_stopped(state, part), *ruling_stopped(state, part.organisation_id)),
        facts={"organisation_id": part.organisation_id, "note": facts.note},
        outcome="co_returned",
    )
    return effect if part.role is UnitRole.CO else _without_lead(state, effect, moment)


def _without_lead(state: TicketState, effect: Effect, moment: Moment) -> Effect:
    """Somebody else has to lead: it is dispatched anew."""
    return replace(
        effect,
        status=Status.COORDINATING,
        values={"lead_organisation_id": None},
        moves=(*effect.moves, *transfer_open_again(state, moment.terms)),
        outcome="lead_returned",
    )


def given_up(state: TicketState, organisation_id: int, moment: Moment) -> Effect:
    """A unit that answers does not return it any more: what it asked for lapses."""
    asked = [one for one in open_returns(state) if one.organisation_id == organisation_id]
    return Effect(
        records=tuple(lapsed(one, at=moment.at) for one in asked),
        moves=tuple(ruling_stopped(state, organisation_id)),
    )


def _stood_behind(state: TicketState, matter: Matter, actor: Actor, moment: Moment) -> Effect:
    """The unit asks, once: the coordinators' time to rule begins."""
    ticket_class = state.ticket_class or TicketClass.NORMAL
    ruling = ClockMove(
        Verb.START,
        ClockKind.RULING,
        organisation_id=matter.organisation_id,
        limit=moment.terms.limit(ticket_class, ClockKind.RULING),
        policy_id=moment.terms.policy(ticket_class, ClockKind.RULING).id,
    )
    used = replace(_own(state, actor), return_until=None)
    records = consented(matter, actor, moment), used
    return Effect(records=records, moves=(ruling,), outcome="consented")


def _rejected(
    state: TicketState, matter: Matter, facts: ReturnRuling, actor: Actor, moment: Moment
) -> Effect:
    if not facts.note:
        raise InvalidInput([FieldError("/note", "required", "不同意退回须写明理由。")])
    ruled = settled(matter, MatterOutcome.REJECTED, actor, moment, facts.note)
    return Effect(
        records=(ruled,),
        moves=tuple(ruling_stopped(state, matter.organisation_id)),
        facts={"organisation_id": matter.organisation_id, "note": facts.note},
        outcome="rejected",
    )


def sent_back(part: Assignment, moment: Moment) -> Assignment:
    """The part, returned."""
    return replace(part, state=AssignmentState.RETURNED, returned_at=moment.at)


def routing_rule(
    state: TicketState, seq: int, organisation_id: int, actor: Actor, moment: Moment
) -> RoutingRule:
    """By the matter `seq`, the like belongs to the unit, without binding anybody yet."""
    if state.category_code is None:
        raise LookupError("an accepted ticket has a category")
    return RoutingRule(
        seq=seq,
        category_code=state.category_code,
        area_prefix=actor.area_prefix or "",
        organisation_id=organisation_id,
        is_binding=False,
        made_at=moment.at,
    )


def ruling_stopped(state: TicketState, organisation_id: int | None) -> list[ClockMove]:
    """The time to rule on the unit's return ends, if it has begun."""
    waiting = standing(state.clocks, state.round, ClockKind.RULING)
    return [
        ClockMove(Verb.STOP, ClockKind.RULING, organisation_id)
        for one in waiting
        if one.organisation_id == organisation_id
    ]


def _return_of(state: TicketState, organisation_id: int) -> Matter:
    matter = matter_of(state, MatterKind.RETURN, organisation_id)
    if matter is None:
        raise NoSuchReturn
    return matter


def _own(state: TicketState, actor: Actor) -> Assignment:
    own = state.assignment_of(actor.organisation_id)
    if own is None:
        raise Forbidden
    return own


def _check_in_time(own: Assignment, moment: Moment) -> None:
    """Asked for and stood behind within the time that was told at the dispatch."""
    if own.return_until is None or own.return_until < moment.at:
        raise ReturnTooLate
