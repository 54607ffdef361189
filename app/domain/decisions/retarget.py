"""重定时限: the only way to change a promise that is running."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.actor import Actor
from app.domain.calendar_changes import changed_days, has_counted
from app.domain.clock_moves import ClockMove, Verb, retargeted, standing
from app.domain.decisions.aftercare import NotYet
from app.domain.decisions.transferring import transfer_retargeted
from app.domain.errors import FieldError, InvalidInput, Refused
from app.domain.facts.retarget import CalendarFollowing, Retargeting
from app.domain.limits import Limit
from app.domain.rules import Rule, Rules
from app.domain.sla_clock import INTERNAL, Clock, ClockKind
from app.domain.terms import Moment, Terms
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import TicketClass
from app.domain.work_calendar import local_time

PROMISED = (ClockKind.FINISH, ClockKind.ASSIGNMENT, ClockKind.OPINION)
OF_OWN_LENGTH = frozenset({ClockKind.OPINION, ClockKind.TRANSFER})
"""What a person retargets: the promise to the enterprise and the parts of the units in it."""


class NothingToRetarget(Refused):
    """按现行标准和工作日历，时限没有变化。"""

    code = "nothing-to-retarget"


def retarget(
    state: TicketState, facts: Retargeting | CalendarFollowing, actor: Actor, moment: Moment
) -> Effect:
    """重定时限, by a person or after a newer calendar."""
    return _DECISIONS[type(facts)](state, facts, actor, moment)


def _follow_calendar(state: TicketState, _: CalendarFollowing, __: Actor, moment: Moment) -> Effect:
    """Every clock that has counted a changed day; refused when there is none (any more)."""
    newest = moment.terms.calendar
    moves = [
        ClockMove(Verb.RETARGET, clock.kind, clock.organisation_id, clock.round)
        for clock in state.clocks
        if clock.calendar_version != newest.version and _is_met(clock, moment.terms)
    ]
    if not moves:
        raise NotYet
    told = _Told(state.clocks, moves, moment.terms, moment.at)
    facts = told.facts() | {"reason": f"工作日历第 {newest.version} 版"}
    return Effect(moves=tuple(moves), facts=facts, outcome="moved" if told.is_moved else "settled")


def _is_met(clock: Clock, terms: Terms) -> bool:
    if clock.is_stopped:
        return False
    own = terms.calendars(clock.calendar_version, clock.hours_area)
    return has_counted(clock, changed_days(own, terms.calendar))


def _by_hand(state: TicketState, facts: Retargeting, _: Actor, moment: Moment) -> Effect:
    """By the terms of today, which hold for the ticket from now on; told to the enterprise."""
    ticket_class = facts.ticket_class or state.ticket_class or TicketClass.NORMAL
    terms = moment.terms_of_today
    days = _promised_days(facts, ticket_class, state, terms.rules)
    promise = _Promise(state, terms, ticket_class, days)
    kinds = (*PROMISED, ClockKind.TRANSFER) if ticket_class is TicketClass.ARREARS else PROMISED
    moves = [promise.move(clock) for clock in standing(state.clocks, state.round, *kinds)]
    told = _Told(state.clocks, moves, terms, moment.at)
    if not told.is_changed and ticket_class is state.ticket_class:
        raise NothingToRetarget
    promised = {"ticket_class": ticket_class, "promised_days": days}
    return Effect(
        values={**promised, "policies_on": local_time(moment.at).date()},
        moves=(*moves, *transfer_retargeted(state, ticket_class, terms)),
        facts={**told.facts(), **promised, "reason": facts.reason},
        outcome="by_hand",
    )


_DECISIONS: Mapping[type[Any], Callable[..., Effect]] = {
    Retargeting: _by_hand,
    CalendarFollowing: _follow_calendar,
}


def _promised_days(
    facts: Retargeting, ticket_class: TicketClass, state: TicketState, rules: Rules
) -> int | None:
    """What is asked for, or was promised before; arrears have bounds of their own."""
    days = facts.promised_days
    if ticket_class is TicketClass.ARREARS:
        at_most = rules[Rule.ARREARS_DAYS_AT_MOST]
        if days is not None and days > at_most:
            raise _wrong(f"拖欠账款自提交起合计不超过 {at_most} 天。")
        return days
    if ticket_class is not TicketClass.APPROVAL:
        if days is not None:
            raise _wrong("只有审批事项和拖欠账款填写天数。")
        return None
    days = days or (state.promised_days if state.ticket_class is ticket_class else None)
    if days is None:
        raise _wrong("审批事项须填写承诺办结工作日数。")
    return days


def _wrong(detail: str) -> InvalidInput:
    return InvalidInput([FieldError("/promised_days", "promised-days", detail)])


@dataclass(frozen=True, slots=True)
class _Promise:
    """What the ticket may take from now on."""

    state: TicketState
    terms: Terms
    ticket_class: TicketClass
    promised_days: int | None

    def move(self, clock: Clock) -> ClockMove:
        """The clock under the policy of its class; a later round has half the limit."""
        policy = self.terms.policy(self.ticket_class, clock.kind)
        limit = self.terms.limit(self.ticket_class, clock.kind, self.promised_days)
        if self.ticket_class is TicketClass.ARREARS and self.promised_days is not None:
            limit = self._longer(clock, limit)
        if clock.kind is ClockKind.FINISH and self.state.round > 1:
            limit = limit.halved()
        unit, in_round = clock.organisation_id, clock.round
        return ClockMove(Verb.RETARGET, clock.kind, unit, in_round, limit, policy.id)

    def _longer(self, clock: Clock, limit: Limit) -> Limit:
        """Arrears: the days are counted from submission, those of a unit from its dispatch."""
        if clock.kind in OF_OWN_LENGTH or self.promised_days is None:
            return limit
        begun = (local_time(clock.started_at) - local_time(self.state.submitted_at)).days
        return Limit(max(self.promised_days - begun, 1), limit.unit)


@dataclass(frozen=True, slots=True)
class _Told:
    """What becomes of the due times, for the event."""

    clocks: Iterable[Clock]
    moves: Sequence[ClockMove]
    terms: Terms
    at: datetime

    def facts(self) -> dict[str, Any]:
        """Old and new due times: those of the enterprise's clocks, and apart those of the units."""
        pairs = self._pairs()
        return {
            "deadlines": [_row(*pair) for pair in pairs if pair[0].kind not in INTERNAL],
            "unit_deadlines": [_row(*pair) for pair in pairs if pair[0].kind in INTERNAL],
        }

    @property
    def is_moved(self) -> bool:
        """Is anything of the enterprise's due at another time, or with another remainder?"""
        return any(_is_moved(*pair) for pair in self._pairs() if pair[0].kind not in INTERNAL)

    @property
    def is_changed(self) -> bool:
        """Is anything at all due at another time, of another length, or warned of otherwise?"""
        return any(
            _is_moved(before, after)
            or before.limit != after.limit
            or self.terms.ladders[before.policy_id] != self.terms.ladders[after.policy_id]
            for before, after in self._pairs()
        )

    def _retargeted(self, clock: Clock, move: ClockMove) -> Clock:
        return retargeted(clock, move, self.terms.calendar, self.terms.ladders, at=self.at)

    def _pairs(self) -> list[tuple[Clock, Clock]]:
        keyed = {(one.round, one.kind, one.organisation_id): one for one in self.clocks}
        return [
            (before, self._retargeted(before, move))
            for move in self.moves
            if (before := keyed.get((move.round or 1, move.kind, move.organisation_id)))
        ]


def _is_moved(before: Clock, after: Clock) -> bool:
    return (before.due_at, before.remaining_seconds) != (after.due_at, after.remaining_seconds)


def _row(before: Clock, after: Clock) -> dict[str, Any]:
    return {
        "clock": before.kind.value,
        "organisation_id": before.organisation_id,
        "due_before": before.due_at.isoformat() if before.due_at else None,
        "due_at": after.due_at.isoformat() if after.due_at else None,
    }
