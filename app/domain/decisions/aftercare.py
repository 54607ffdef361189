"""第四至六步 反馈送达、回访、评价, 归档."""

from dataclasses import replace

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb, moves_of, standing
from app.domain.errors import FieldError, Forbidden, InvalidInput, Refused
from app.domain.facts.aftercare import Archiving, Rating, Receipt, RevisitCall
from app.domain.rating import is_bad
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Evaluation, Revisit, RevisitAttempt
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import RevisitOutcome, Status, TicketClass

REVISIT_ATTEMPTS = 3
"""After three attempts without contact the revisit ends as `unreached` (domain, 4.3 and 6)."""


class NotYet(Refused):
    """条件尚未具备。"""

    code = "not-yet"


def receive_feedback(state: TicketState, facts: Receipt, _: Actor, moment: Moment) -> Effect:
    """反馈送达: the revisit is planned, due by the end of the next working day."""
    return Effect(
        values={"delivered_at": moment.at},
        records=(Revisit(round=state.round, planned_at=moment.at),),
        moves=(_start(state, ClockKind.REVISIT, moment),),
        facts={"note": facts.note},
    )


def record_revisit(state: TicketState, call: RevisitCall, actor: Actor, moment: Moment) -> Effect:
    """回访: reached and solved → evaluation; reached and unsolved → next round; else try again."""
    _check_call(call)
    if state.revisit is None or actor.account_id is None:
        raise LookupError("a revisiting ticket has a planned revisit and a caller")
    attempt = RevisitAttempt(
        round=state.round,
        attempt=state.revisit.attempts + 1,
        is_reached=call.is_reached,
        note=call.note,
        called_by=actor.account_id,
        called_at=moment.at,
    )
    tried = replace(state.revisit, attempts=attempt.attempt)
    if not call.is_reached and attempt.attempt < REVISIT_ATTEMPTS:
        return Effect(
            records=(tried, attempt),
            facts={"attempt": attempt.attempt, "note": call.note},
            outcome="attempted",
        )
    return _concluded(state, _answers(tried, call, attempt), attempt, moment)


def _check_call(call: RevisitCall) -> None:
    answers = (call.outcome, call.was_contacted, call.is_reply_true, call.is_clear)
    if not call.is_reached and any(value is not None for value in (*answers, call.satisfaction)):
        detail = "未接通的回访不填写回访结果。"
        raise InvalidInput([FieldError("/outcome", "not-reached", detail)])
    if call.is_reached and call.outcome not in (RevisitOutcome.SOLVED, RevisitOutcome.UNSOLVED):
        detail = "已接通的回访须填写是否解决（solved 或 unsolved）。"
        raise InvalidInput([FieldError("/outcome", "required", detail)])


def _answers(tried: Revisit, call: RevisitCall, attempt: RevisitAttempt) -> Revisit:
    return replace(
        tried,
        outcome=call.outcome if call.is_reached else RevisitOutcome.UNREACHED,
        was_contacted=call.was_contacted,
        is_reply_true=call.is_reply_true,
        is_clear=call.is_clear,
        satisfaction=call.satisfaction,
        note=call.note,
        revisited_by=attempt.called_by,
        revisited_at=attempt.called_at,
    )


def _concluded(
    state: TicketState, revisit: Revisit, attempt: RevisitAttempt, moment: Moment
) -> Effect:
    answers = ("was_contacted", "is_reply_true", "is_clear", "satisfaction", "note")
    facts = {name: getattr(revisit, name) for name in answers} | {"attempt": attempt.attempt}
    stop = moves_of(Verb.STOP, standing(state.clocks, state.round, ClockKind.REVISIT))
    if revisit.outcome is RevisitOutcome.UNSOLVED:
        return replace(
            _next_round(state, moment, stop),
            records=(revisit, attempt),
            facts=facts,
            outcome=revisit.outcome,
        )
    return Effect(
        status=Status.EVALUATING,
        records=(revisit, attempt),
        moves=(*stop, _start(state, ClockKind.EVALUATION, moment)),
        facts=facts,
        outcome=revisit.outcome,
    )


def _next_round(state: TicketState, moment: Moment, stop: tuple[ClockMove, ...]) -> Effect:
    """重办: same number, next round, a new clock of half the class limit."""
    ticket_class = state.ticket_class or TicketClass.NORMAL
    limit = moment.terms.limit(ticket_class, ClockKind.FINISH, state.promised_days)
    again = ClockMove(
        Verb.START,
        ClockKind.FINISH,
        round=state.round + 1,
        limit=limit.halved(),
        policy_id=moment.terms.policy(ticket_class, ClockKind.FINISH).id,
    )
    cleared = ("completed_at", "delivered_at", "result_code", "lead_organisation_id", "level")
    return Effect(
        status=Status.COORDINATING,
        round=state.round + 1,
        values=dict.fromkeys(cleared),
        moves=(*stop, again),
    )


def evaluate(state: TicketState, facts: Rating, actor: Actor, moment: Moment) -> Effect:
    """评价: once in a round, by the enterprise alone, never by default."""
    if actor.account_id is None:
        raise Forbidden
    evaluation = Evaluation(
        round=state.round,
        level=facts.level,
        reasons=facts.reasons,
        comment=facts.comment,
        channel="mini_program",
        rated_by=actor.account_id,
        rated_at=moment.at,
    )
    return Effect(
        values={"level": facts.level},
        records=(evaluation,),
        facts={"level": facts.level, "reasons": list(facts.reasons), "comment": facts.comment},
        outcome="bad" if is_bad(facts.level) else "good",
    )


def archive(state: TicketState, _: Archiving, __: Actor, moment: Moment) -> Effect:
    """归档: rated and not bad, or the window for rating has passed. Silence stays unrated."""
    window = standing(state.clocks, state.round, ClockKind.EVALUATION)
    is_over = all(clock.due_at is not None and clock.due_at <= moment.at for clock in window)
    is_rated_well = state.level is not None and not is_bad(state.level)
    if not is_rated_well and not is_over:
        raise NotYet("评价期未满，暂不归档。")
    return Effect(
        values={"archived_at": moment.at},
        moves=moves_of(Verb.STOP, standing(state.clocks, state.round)),
        outcome="unrated" if state.level is None else "rated",
    )


def _start(state: TicketState, kind: ClockKind, moment: Moment) -> ClockMove:
    ticket_class = state.ticket_class or TicketClass.NORMAL
    return ClockMove(
        Verb.START,
        kind,
        limit=moment.terms.limit(ticket_class, kind),
        policy_id=moment.terms.policy(ticket_class, kind).id,
    )
