"""第一步 受理: contact, accept, refuse by two people, ask for material, withdraw."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from app.domain.actor import Actor, Role
from app.domain.clock_moves import ClockMove, Verb, moves_of, standing
from app.domain.decisions.contacting import check_contact, with_contact
from app.domain.decisions.pressure import is_to_be_checked
from app.domain.decisions.progress import first_report
from app.domain.errors import FieldError, Forbidden, InvalidInput
from app.domain.facts.acceptance import (
    Acceptance,
    FirstContact,
    Refusal,
    RefusalRuling,
    Supplement,
    SupplementNotice,
    Withdrawal,
)
from app.domain.sla_clock import Clock, ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import SupplementRequest
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import AssignmentState, Status, TicketClass

SETTLED = frozenset({AssignmentState.DONE, AssignmentState.CANCELLED})
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
    values = {
        "ticket_class": facts.ticket_class,
        "category_code": facts.category_code,
        "promised_days": facts.promised_days,
        "accepted_at": moment.at,
    }
    return Effect(
        values=values,
        moves=(
            *moves_of(Verb.STOP, accept_clocks),
            _finish(state, facts, accept_clocks, moment),
            *first_report(state, facts.ticket_class, moment),
        ),
        facts={key: value for key, value in asdict(facts).items() if value is not None},
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


def request_supplement(
    state: TicketState, facts: SupplementNotice, actor: Actor, moment: Moment
) -> Effect:
    """补正通知: the enterprise clock pauses, the enterprise's own limit starts."""
    attempt = state.supplement_count + 1
    waiting = standing(state.clocks, state.round, ClockKind.ACCEPT, ClockKind.FIRST_CONTACT)
    presumed = moment.terms.policy(TicketClass.NORMAL, ClockKind.SUPPLEMENT)
    answer_by = ClockMove(
        Verb.START,
        ClockKind.SUPPLEMENT,
        limit=moment.terms.limit(TicketClass.NORMAL, ClockKind.SUPPLEMENT),
        policy_id=presumed.id,
    )
    request = SupplementRequest(attempt, facts.items, _account(actor), moment.at)
    return Effect(
        values={"supplement_count": attempt},
        records=(request,),
        moves=(*moves_of(Verb.PAUSE, waiting), answer_by),
        facts={"items": list(facts.items), "attempt": attempt},
    )


def supply(state: TicketState, facts: Supplement, actor: Actor, moment: Moment) -> Effect:
    """企业补正: the clock runs on with every minute it had left."""
    request = state.supplements[-1]
    paused = [clock for clock in standing(state.clocks, state.round) if clock.is_paused]
    answered = standing(state.clocks, state.round, ClockKind.SUPPLEMENT)
    supplied = replace(
        request, answer=facts.answer, supplied_by=_account(actor), supplied_at=moment.at
    )
    return Effect(
        records=(supplied,),
        moves=(*moves_of(Verb.STOP, answered), *moves_of(Verb.RESUME, paused)),
        facts={"answer": facts.answer, "attempt": request.attempt},
        attachment_ids=facts.attachment_ids,
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


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise Forbidden
    return actor.account_id
