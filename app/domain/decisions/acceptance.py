"""第一步 受理: contact, accept, refuse by two people, ask for material, withdraw."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from app.domain.actor import Actor, Role
from app.domain.clock_moves import ClockMove, Verb, board_of, moves_of, standing
from app.domain.decisions.contacting import check_contact, with_contact
from app.domain.decisions.deferral import defer
from app.domain.decisions.pressure import is_to_be_checked
from app.domain.decisions.progress import first_report
from app.domain.decisions.transferring import transfer_begun
from app.domain.errors import FieldError, Forbidden, InvalidInput
from app.domain.facts.acceptance import (
    Acceptance,
    FirstContact,
    Refusal,
    RefusalRuling,
    Withdrawal,
)
from app.domain.sla_clock import Clock, ClockKind
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import GONE, AssignmentState, Status, TicketClass

SETTLED = GONE | {AssignmentState.DONE}
"""What a unit has finished stays finished, whatever becomes of the ticket."""

PENDING = ("refusal_proposed_by", "refusal", "suspended_from")
"""What a withdrawn ticket waits for no more."""

HARD_SETTERS = frozenset({Role.COORDINATOR, Role.SUPERVISOR})
"""疑难 is set by a coordinator (domain, 4.1)."""


def first_contact(state: TicketState, facts: FirstContact, _: Actor, moment: Moment) -> Effect:
    """首次联系: stops the contact clock at the moment it is recorded."""
    contacted_at = facts.contacted_at or moment.at
    check_contact(state, contacted_at, moment)
    contact = standing(state.clocks, 1, ClockKind.FIRST_CONTACT)
    return Effect(
        values={"contacted_at": contacted_at} | with_contact(state, contacted_at),
        moves=tuple(ClockMove(Verb.STOP, clock.kind, round=1) for clock in contact),
        facts={"note": facts.note, "contacted_at": contacted_at.isoformat()},
    )


def accept(state: TicketState, facts: Acceptance, actor: Actor, moment: Moment) -> Effect:
    """受理: class and category are set, and with them the promise.

    The finish clock counts from submission, less the pauses that are already behind it.
    """
    _check_class(facts, actor)
    accept_clocks = standing(state.clocks, state.round, ClockKind.ACCEPT)
    finish = _finish(state, facts, accept_clocks, moment)
    values = {
        "ticket_class": facts.ticket_class,
        "category_code": facts.category_code,
        "promised_days": facts.promised_days,
        "accepted_at": moment.at,
    }
    said = asdict(replace(facts, deferral=None))
    deferral = _deferral(state, facts, finish, actor, moment)
    return Effect(
        values=values,
        records=deferral.records,
        moves=(
            *moves_of(Verb.STOP, accept_clocks),
            finish,
            *first_report(state, facts.ticket_class, moment),
            *transfer_begun(facts.ticket_class, moment.terms),
            *deferral.moves,
        ),
        facts={key: value for key, value in said.items() if value is not None}
        | dict(deferral.facts),
    )


def _finish(
    state: TicketState, facts: Acceptance, accept_clocks: Sequence[Clock], moment: Moment
) -> ClockMove:
    return ClockMove(
        Verb.START,
        ClockKind.FINISH,
        limit=moment.terms.limit(facts.ticket_class, ClockKind.FINISH, facts.promised_days),
        policy_id=moment.terms.policy(facts.ticket_class, ClockKind.FINISH).id,
        since=state.submitted_at,
        pauses=accept_clocks[0].pauses if accept_clocks else (),
    )


def _deferral(
    state: TicketState, facts: Acceptance, finish: ClockMove, actor: Actor, moment: Moment
) -> Effect:
    """What comes with 容缺, nothing without it."""
    if facts.deferral is None:
        return Effect()
    if facts.ticket_class is not TicketClass.APPROVAL:
        detail = "只有审批事项可以容缺受理。"
        raise InvalidInput([FieldError("/deferral", "approval-only", detail)])
    begun = board_of((), state.round, moment.terms).apply((finish,), at=moment.at)
    [promise] = begun.values()
    if promise.due_at is None:
        raise LookupError("a clock that has begun is due")
    return defer(state, facts.deferral, promise.due_at, actor, moment)


def _check_class(facts: Acceptance, actor: Actor) -> None:
    is_approval = facts.ticket_class is TicketClass.APPROVAL
    if is_approval != (facts.promised_days is not None):
        detail = "审批事项须填写承诺办结工作日数。" if is_approval else "只有审批事项填写承诺天数。"
        raise InvalidInput([FieldError("/promised_days", "promised-days", detail)])
    if facts.ticket_class is TicketClass.HARD and actor.role not in HARD_SETTERS:
        raise Forbidden("疑难诉求由协调员认定。")


def propose_refusal(_: TicketState, facts: Refusal, actor: Actor, __: Moment) -> Effect:
    """不予受理的意见: stays pending until a second person rules."""
    return Effect(
        values={"refusal_proposed_by": actor.account_id, "refusal": asdict(facts)},
        facts=asdict(facts),
    )


def rule_refusal(state: TicketState, facts: RefusalRuling, _: Actor, moment: Moment) -> Effect:
    """第二人审批: the ticket ends as refused, or the proposal is dropped and acceptance goes on."""
    event_facts = {"note": facts.note} | dict(state.refusal or {})
    if not facts.approved:
        cleared = {"refusal_proposed_by": None, "refusal": None}
        return Effect(values=cleared, facts=event_facts, outcome="rejected")
    return Effect(
        status=Status.REFUSED,
        values={"refused_at": moment.at},
        moves=moves_of(Verb.STOP, standing(state.clocks, state.round)),
        facts=event_facts,
        outcome="approved",
    )


def withdraw(state: TicketState, facts: Withdrawal, _: Actor, moment: Moment) -> Effect:
    """撤回: any time before feedback; units that were dispatched are told.

    That it is to be looked into stands on the ticket alone: its event is read by the units.
    """
    cancelled = tuple(
        replace(assignment, state=AssignmentState.CANCELLED, cancelled_at=moment.at)
        for assignment in state.assignments
        if assignment.round == state.round and assignment.state not in SETTLED
    )
    flagged = {"needs_pressure_check": True} if is_to_be_checked(state, moment) else {}
    return Effect(
        values={"withdrawn_at": moment.at} | dict.fromkeys(PENDING) | flagged,
        records=cancelled,
        moves=moves_of(Verb.STOP, standing(state.clocks, state.round)),
        facts={"reason": facts.reason},
    )
