"""第四至六步 反馈送达、回访、评价."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb, moves_of, standing
from app.domain.decisions.rework import next_round
from app.domain.errors import FieldError, Forbidden, InvalidInput, Refused
from app.domain.facts.aftercare import Rating, Receipt, RevisitCall
from app.domain.half_days import half_day_of, next_half_day
from app.domain.matters import opened, rectifications
from app.domain.rating import change_within, is_bad
from app.domain.revisit_grounds import all_grounds
from app.domain.revisit_lots import Lot, told
from app.domain.rules import Rule
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Evaluation, Matter, Revisit, RevisitAttempt, RevisitLot
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind, RevisitOutcome, Status, TicketClass
from app.domain.work_calendar import local_time

RECTIFYING = (ClockKind.RECTIFICATION, ClockKind.REVIEW_CONTACT)
"""What runs from a bad rating on."""


class NotYet(Refused):
    """条件尚未具备。"""

    code = "not-yet"


class CalledTooSoon(Refused):
    """本半天已拨打过，未接通的须换一个半天再拨。"""

    code = "called-too-soon"


class RatingFinal(Refused):
    """已过更改评价的期限。"""

    code = "rating-final"


def receive_feedback(state: TicketState, facts: Receipt, _: Actor, moment: Moment) -> Effect:
    """反馈送达: the revisit is planned, due by the end of the next working day, or spared by lot.

    What is spared is rated at once. Either way the time for an objection runs from now on. Raises
    `LookupError` where neither a ground nor a lot says what is to be.
    """
    grounds = all_grounds(state, facts, at=moment.at)
    if grounds:
        why: dict[str, Any] = {"revisit_grounds": list(grounds)}
        return _delivered(state, None, {"note": facts.note} | why, moment)
    if facts.lot is None:
        raise LookupError("what need not be revisited is drawn for")
    return _delivered(state, facts.lot, {"note": facts.note, "lot": told(facts.lot)}, moment)


def _delivered(
    state: TicketState, lot: Lot | None, facts: Mapping[str, Any], moment: Moment
) -> Effect:
    is_exempt = lot is not None and not lot.is_drawn
    next_clock = ClockKind.EVALUATION if is_exempt else ClockKind.REVISIT
    return Effect(
        status=Status.EVALUATING if is_exempt else Status.REVISITING,
        values={"delivered_at": moment.at},
        records=(
            *(() if is_exempt else (Revisit(round=state.round, planned_at=moment.at),)),
            *((RevisitLot(state.round, lot.stratum_id, lot.number, lot.is_drawn),) if lot else ()),
        ),
        moves=tuple(_start(state, kind, moment) for kind in (next_clock, ClockKind.OBJECTION)),
        facts=facts,
        outcome="exempt" if is_exempt else None,
    )


def record_revisit(state: TicketState, call: RevisitCall, actor: Actor, moment: Moment) -> Effect:
    """回访: reached and solved → evaluation; reached and unsolved → next round; else try again.

    Who was not reached is called again on another half-day; after so many attempts without contact
    it ends as `unreached` (domain, 4.3 and 6). Raises `CalledTooSoon`, `InvalidInput`.
    """
    _check_call(call)
    if state.revisit is None or actor.account_id is None:
        raise LookupError("a revisiting ticket has a planned revisit and a caller")
    if not call.is_reached:
        _check_half_day(state.revisit, moment)
    attempt = RevisitAttempt(
        round=state.round,
        attempt=state.revisit.attempts + 1,
        is_reached=call.is_reached,
        note=call.note,
        called_by=actor.account_id,
        called_at=moment.at,
    )
    tried = replace(state.revisit, attempts=attempt.attempt, last_attempt_at=moment.at)
    most = moment.terms.rules[Rule.REVISIT_ATTEMPTS]
    if not call.is_reached and attempt.attempt < most:
        return Effect(
            records=(tried, attempt),
            facts={"attempt": attempt.attempt, "note": call.note},
            outcome="attempted",
        )
    return _concluded(state, _answers(tried, call, attempt), attempt, actor, moment)


def _check_call(call: RevisitCall) -> None:
    answers = (call.outcome, call.was_contacted, call.is_reply_true, call.is_clear)
    if not call.is_reached and any(value is not None for value in (*answers, call.satisfaction)):
        detail = "未接通的回访不填写回访结果。"
        raise InvalidInput([FieldError("/outcome", "not-reached", detail)])
    if call.is_reached and call.outcome not in (RevisitOutcome.SOLVED, RevisitOutcome.UNSOLVED):
        detail = "已接通的回访须填写是否解决（solved 或 unsolved）。"
        raise InvalidInput([FieldError("/outcome", "required", detail)])


def _check_half_day(revisit: Revisit, moment: Moment) -> None:
    """Some calls within an hour are one attempt; whoever is reached may be reached at any time."""
    last, calendar = revisit.last_attempt_at, moment.terms.calendar
    if last is None or half_day_of(calendar, at=last) != half_day_of(calendar, at=moment.at):
        return
    then = next_half_day(calendar, at=moment.at)
    called, possible = (f"{local_time(one):%Y-%m-%d %H:%M}" for one in (last, then))
    raise CalledTooSoon(f"{called} 已拨打过，每半天登记一次，{possible} 起可以再登记未接通。")


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
    state: TicketState, revisit: Revisit, attempt: RevisitAttempt, actor: Actor, moment: Moment
) -> Effect:
    answers = ("was_contacted", "is_reply_true", "is_clear", "satisfaction", "note")
    facts = {name: getattr(revisit, name) for name in answers} | {"attempt": attempt.attempt}
    if revisit.outcome is RevisitOutcome.UNSOLVED:
        again = next_round(state, actor, moment)
        records = (*again.records, revisit, attempt)
        return replace(again, records=records, facts=facts, outcome=revisit.outcome)
    stop = moves_of(Verb.STOP, standing(state.clocks, state.round, ClockKind.REVISIT))
    return Effect(
        status=Status.EVALUATING,
        records=(revisit, attempt),
        moves=(*stop, _start(state, ClockKind.EVALUATION, moment)),
        facts=facts,
        outcome=revisit.outcome,
    )


def evaluate(state: TicketState, facts: Rating, actor: Actor, moment: Moment) -> Effect:
    """评价: by the enterprise alone, never by default; a bad one opens a rectification.

    It may be changed once within its days, and what a rectification brought may be rated: the
    first level stays beside the last one. Raises `RatingFinal`.
    """
    if actor.account_id is None:
        raise Forbidden
    before = state.evaluation
    rectified = rectifications(state)
    if before:
        _check_change(_open_since(before, rectified), moment)
    is_child = state.status is Status.MERGED  # rectified, if it has to be, with its parent
    opened = is_bad(facts.level) and not rectified and not is_child
    return Effect(
        values={"level": facts.level, "may_rate_again": before is None},
        records=(
            _evaluation(state, facts, actor.account_id, moment),
            *((_rectification(state, facts, actor, moment),) if opened else ()),
        ),
        moves=tuple(_start(state, kind, moment) for kind in RECTIFYING) if opened else (),
        facts={"level": facts.level, "reasons": list(facts.reasons), "comment": facts.comment},
        outcome="bad" if is_bad(facts.level) else "good",
    )


def _check_change(since: datetime, moment: Moment) -> None:
    days = change_within(moment.terms.rules)
    if moment.at > since + days:
        raise RatingFinal(f"评价只能在 {days.days} 天内更改一次。")


def _evaluation(state: TicketState, facts: Rating, account_id: int, moment: Moment) -> Evaluation:
    before = state.evaluation
    return Evaluation(
        round=state.round,
        level=facts.level,
        reasons=facts.reasons,
        comment=facts.comment,
        channel="mini_program",
        rated_by=account_id,
        rated_at=moment.at,
        first_level=before.first_level if before else facts.level,
        first_rated_at=before.first_rated_at if before else moment.at,
    )


def _open_since(rating: Evaluation, rectified: Sequence[Matter]) -> datetime:
    """From when the days for another rating are counted."""
    return max((one.settled_at for one in rectified if one.settled_at), default=rating.rated_at)


def _rectification(state: TicketState, facts: Rating, actor: Actor, moment: Moment) -> Matter:
    return opened(state, MatterKind.RECTIFICATION, {"level": facts.level}, actor, moment)


def _start(state: TicketState, kind: ClockKind, moment: Moment) -> ClockMove:
    ticket_class = state.ticket_class or TicketClass.NORMAL
    return ClockMove(
        Verb.START,
        kind,
        limit=moment.terms.limit(ticket_class, kind),
        policy_id=moment.terms.policy(ticket_class, kind).id,
    )
