"""转送: arrears come in time to who handles them, a unit or another body; which, is told.

Source: 《保障中小企业款项支付条例》 by the domain, 4.1: within ten working days of the acceptance.
How many is a policy, as of any other clock.
"""

from datetime import datetime

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb, moves_of, standing
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.coordination import TransferOut
from app.domain.sla_clock import Clock, ClockKind
from app.domain.terms import Moment, Terms
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import Status, TicketClass


def transfer_out(state: TicketState, facts: TransferOut, _: Actor, moment: Moment) -> Effect:
    """转出: another body has to decide. Noted once; for arrears also whether it came too late."""
    transferred_at = facts.transferred_at or moment.at
    begun = state.accepted_at or state.submitted_at
    if not begun <= transferred_at <= moment.at:
        detail = "转出时间应在受理之后、现在之前。"
        raise InvalidInput([FieldError("/transferred_at", "range", detail)])
    told: dict[str, object] = {
        "receiving_body": facts.receiving_body,
        "reason": facts.reason,
        "transferred_at": transferred_at.isoformat(),
    }
    if state.ticket_class is TicketClass.ARREARS:
        told |= {"is_late": _is_late(state, begun, transferred_at, moment)}
    return Effect(
        values={"transferred_to": facts.receiving_body, "transferred_at": transferred_at},
        moves=transfer_ended(state),
        facts=told,
    )


def transfer_begun(ticket_class: TicketClass | None, terms: Terms) -> tuple[ClockMove, ...]:
    """The time to hand over what is found to be arrears; none for any other class."""
    return (_by(Verb.START, terms),) if ticket_class is TicketClass.ARREARS else ()


def transfer_ended(state: TicketState) -> tuple[ClockMove, ...]:
    """It is with a unit or a body that handles it, or is no arrears."""
    return moves_of(Verb.STOP, standing(state.clocks, state.round, ClockKind.TRANSFER))


def transfer_open_again(state: TicketState, terms: Terms) -> tuple[ClockMove, ...]:
    """Who had it should not have: the time runs as if it had never been handed over.

    What became arrears only while somebody had it gets its time now; later rounds have none.
    """
    if state.ticket_class is not TicketClass.ARREARS or state.transferred_at:
        return ()
    is_first = state.round == 1
    return _reopened(state) or (transfer_begun(state.ticket_class, terms) if is_first else ())


def transfer_retargeted(
    state: TicketState, ticket_class: TicketClass, terms: Terms
) -> tuple[ClockMove, ...]:
    """What a change of class means for it: arrears that nobody has yet are to be handed over."""
    if ticket_class is not TicketClass.ARREARS:
        return transfer_ended(state)
    is_running = standing(state.clocks, state.round, ClockKind.TRANSFER)
    if is_running or state.lead_organisation_id or state.transferred_at:
        return ()
    before = _reopened(state)
    moves = (*before, _by(Verb.RETARGET if before else Verb.START, terms))
    paused = ClockMove(Verb.PAUSE, ClockKind.TRANSFER)
    return (*moves, paused) if state.status is Status.SUSPENDED else moves


def _by(verb: Verb, terms: Terms) -> ClockMove:
    key = TicketClass.ARREARS, ClockKind.TRANSFER
    limit, policy_id = terms.limit(*key), terms.policy(*key).id
    return ClockMove(verb, ClockKind.TRANSFER, limit=limit, policy_id=policy_id)


def _reopened(state: TicketState) -> tuple[ClockMove, ...]:
    stopped = [one for one in _clocks(state) if one.is_stopped and one.round == state.round]
    return moves_of(Verb.REOPEN, stopped)


def _is_late(state: TicketState, begun: datetime, transferred_at: datetime, moment: Moment) -> bool:
    """Whether it came to who handles it after its time, or to another body if to nobody before."""
    for clock in _clocks(state):
        if clock.due_at is not None:
            return (clock.stopped_at or transferred_at) > clock.due_at
    limit = moment.terms.limit(TicketClass.ARREARS, ClockKind.TRANSFER)
    return transferred_at > limit.due_after(moment.terms.calendar, at=begun)


def _clocks(state: TicketState) -> list[Clock]:
    """The last one in front: a ticket that was accepted before there were any has none."""
    found = [clock for clock in state.clocks if clock.kind is ClockKind.TRANSFER]
    return sorted(found, key=lambda clock: -clock.round)
