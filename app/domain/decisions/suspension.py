"""挂起与恢复: for a ground, with proof, by two people; no minute is lost. Rules: domain, 4.4."""

from datetime import date
from typing import Any

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb, moves_of, standing
from app.domain.dated_limits import limit_until, named_limit
from app.domain.decisions.settling import GRANTED, REJECTED, asked_of, opened_by_office, ruled
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.extension import Ruling
from app.domain.facts.suspension import Resumption, SuspensionRequest
from app.domain.matters import SUPERVISOR, any_of, granted, lapsed
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Matter
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind, Status, TicketClass


def request_suspension(
    state: TicketState, facts: SuspensionRequest, actor: Actor, moment: Moment
) -> Effect:
    """申请挂起: what the round is suspended for in all decides who may grant it."""
    if not facts.attachment_ids:
        raise InvalidInput([FieldError("/attachment_ids", "required", "挂起须附证明材料。")])
    calendar = moment.terms.calendar
    named_limit(calendar, facts.next_check_on, facts.days, "/next_check_on", at=moment.at)
    details: dict[str, Any] = {
        "ground": facts.ground.value,
        "reason": facts.reason,
        "days": facts.days,
        "next_check_on": facts.next_check_on.isoformat(),
    }
    earlier = sum(matter.details["days"] for matter in granted(state, MatterKind.SUSPENSION))
    if earlier + facts.days > _coordinators_days(state, moment):
        details["level"] = SUPERVISOR
    matter = opened_by_office(state, MatterKind.SUSPENSION, details, actor, moment)
    return Effect(
        records=(matter,),
        facts=_told(matter),
        outcome=asked_of(matter),
        attachment_ids=facts.attachment_ids,
    )


def rule_suspension(state: TicketState, facts: Ruling, actor: Actor, moment: Moment) -> Effect:
    """审批挂起: every clock that runs stands still, and one runs to the next look."""
    matter = ruled(_waiting(state), facts, actor, moment)
    if not facts.approved:
        return Effect(records=(matter,), facts=_told(matter), outcome=REJECTED)
    ticket_class = state.ticket_class or TicketClass.NORMAL
    day = date.fromisoformat(matter.details["next_check_on"])
    running = [clock for clock in standing(state.clocks, state.round) if clock.is_running]
    check = ClockMove(
        Verb.START,
        ClockKind.SUSPENSION,
        limit=limit_until(moment.terms.calendar, day, at=moment.at),
        policy_id=moment.terms.policy(ticket_class, ClockKind.SUSPENSION).id,
    )
    is_longer = state.status is Status.SUSPENDED
    return Effect(
        status=Status.SUSPENDED,
        values={} if is_longer else {"suspended_from": state.status},
        records=(matter,),
        moves=(check,) if is_longer else (*moves_of(Verb.PAUSE, running), check),
        facts=_told(matter),
        outcome=GRANTED,
    )


def resume(state: TicketState, facts: Resumption, _: Actor, moment: Moment) -> Effect:
    """恢复办理: on from where it stood, with every minute left; who asked for more asks in vain."""
    clocks = standing(state.clocks, state.round)
    looked = [clock for clock in clocks if clock.kind is ClockKind.SUSPENSION]
    vain = [one for one in state.matters if one.is_open and one.kind is MatterKind.SUSPENSION]
    return Effect(
        status=state.suspended_from,
        values={"suspended_from": None},
        records=tuple(lapsed(matter, at=moment.at) for matter in vain),
        moves=(
            *moves_of(Verb.STOP, looked),
            *moves_of(Verb.RESUME, (clock for clock in clocks if clock.is_paused)),
        ),
        facts={"note": facts.note},
    )


def _coordinators_days(state: TicketState, moment: Moment) -> int:
    """For so long a coordinator may suspend: what the policy of the clock says."""
    ticket_class = state.ticket_class or TicketClass.NORMAL
    return moment.terms.limit(ticket_class, ClockKind.SUSPENSION).amount


def _waiting(state: TicketState) -> Matter:
    matter = any_of(state, MatterKind.SUSPENSION)
    if matter is None:
        raise LookupError("a suspension is ruled on while it is open")
    return matter


def _told(matter: Matter) -> dict[str, Any]:
    note = {"note": matter.note} if matter.note else {}
    return {**matter.details, "organisation_id": matter.organisation_id, **note}
