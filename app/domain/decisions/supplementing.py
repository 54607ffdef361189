"""首次联系的确认和补正: what the enterprise says, and what it has still to bring."""

from dataclasses import asdict, replace

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb, moves_of, standing
from app.domain.decisions.aftercare import NotYet
from app.domain.errors import FieldError, Forbidden, InvalidInput
from app.domain.facts.acceptance import (
    ContactConfirmation,
    LateItem,
    Supplement,
    SupplementLapse,
    SupplementNotice,
)
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import SupplementRequest
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import LapseGround, TicketClass


def confirm_contact(_: TicketState, facts: ContactConfirmation, __: Actor, ___: Moment) -> Effect:
    """企业确认首次联系: claimed is one thing, confirmed another; said once."""
    return Effect(
        values={"contact_confirmed": facts.was_contacted},
        facts=asdict(facts),
        outcome="confirmed" if facts.was_contacted else "denied",
    )


def request_supplement(
    state: TicketState, facts: SupplementNotice, actor: Actor, moment: Moment
) -> Effect:
    """补正通知: the enterprise clock pauses, the enterprise's own limit starts."""
    request = _request(state, facts, actor, moment)
    waiting = standing(state.clocks, state.round, ClockKind.ACCEPT, ClockKind.FIRST_CONTACT)
    presumed = moment.terms.policy(TicketClass.NORMAL, ClockKind.SUPPLEMENT)
    answer_by = ClockMove(
        Verb.START,
        ClockKind.SUPPLEMENT,
        limit=moment.terms.limit(TicketClass.NORMAL, ClockKind.SUPPLEMENT),
        policy_id=presumed.id,
    )
    return Effect(
        values={"supplement_count": request.attempt},
        records=(request,),
        moves=(*moves_of(Verb.PAUSE, waiting), answer_by),
        facts={
            "items": list(facts.items),
            "attempt": request.attempt,
            "late_items": list(request.late_items),
            "is_breach_of_one_time_notice": request.is_breach_of_one_time_notice,
        },
    )


def _request(
    state: TicketState, facts: SupplementNotice, actor: Actor, moment: Moment
) -> SupplementRequest:
    attempt = state.supplement_count + 1
    late = _late_items(facts, attempt)
    return SupplementRequest(
        attempt,
        facts.items,
        _account(actor),
        moment.at,
        late_items=tuple(asdict(one) for one in late),
        is_breach_of_one_time_notice=any(one.was_visible_at_first for one in late),
    )


def _late_items(facts: SupplementNotice, attempt: int) -> tuple[LateItem, ...]:
    """一次性告知: what could be seen at first was to be told at first (domain, 4.4)."""
    wanted = len(facts.items) if attempt > 1 else 0
    if len(facts.late_items) != wanted:
        detail = "再次要求补正时，须逐项说明首次告知时是否可见及原因；首次告知不填。"
        raise InvalidInput([FieldError("/late_items", "late-items", detail)])
    return facts.late_items


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


def lapse_supplement(state: TicketState, _: SupplementLapse, __: Actor, moment: Moment) -> Effect:
    """逾期未补正: taken as withdrawn; refused while there is time (another process was first)."""
    waiting = standing(state.clocks, state.round, ClockKind.SUPPLEMENT)
    if not any(clock.due_at is not None and clock.due_at < moment.at for clock in waiting):
        raise NotYet("补正期限未满。")
    return Effect(
        values={"withdrawn_at": moment.at, "lapse_ground": LapseGround.SUPPLEMENT_OVERDUE},
        moves=moves_of(Verb.STOP, standing(state.clocks, state.round)),
        facts={"attempt": state.supplement_count},
    )


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise Forbidden
    return actor.account_id
