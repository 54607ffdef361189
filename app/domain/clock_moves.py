"""How events move clocks. An event's facts carry its moves, so that any deadline can be rebuilt.

`decide` applies the moves of a new event; the nightly audit applies those of all events again, from
nothing, and compares: stored must equal recomputed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from app.domain import sla
from app.domain.ladder import Ladders
from app.domain.limits import Limit, Unit
from app.domain.sla_clock import Clock, ClockKind, ClockTerms, Rung
from app.domain.terms import Terms
from app.domain.work_calendar import Calendars, WorkCalendar

ClockKey: TypeAlias = tuple[int, ClockKind, int | None]


class Verb(StrEnum):
    """What happens to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    EXTEND = "extend"
    REOPEN = "reopen"
    NUDGE = "nudge"
    REMINDER = "reminder"
    YELLOW = "yellow"
    RED = "red"
    RETARGET = "retarget"
    ORDER = "order"
    BULLETIN = "bulletin"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class ClockMove:
    """One move of one clock; from `since` on, the fields belong to `start` alone.

    `round` None means the round in which the event happens. `limit` and `policy_id` belong to
    `start` and `retarget`, which keeps the clock's own without them; for `extend`, `limit` is what
    is added.
    """

    verb: Verb
    kind: ClockKind
    organisation_id: int | None = None
    round: int | None = None
    limit: Limit | None = None
    policy_id: int | None = None
    since: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()

    def to_facts(self) -> dict[str, Any]:
        """The move as it stands in an event: JSON values only, absent where empty."""
        facts: dict[str, Any] = {"verb": self.verb.value, "kind": self.kind.value}
        if self.organisation_id is not None:
            facts["organisation_id"] = self.organisation_id
        if self.round is not None:
            facts["round"] = self.round
        if self.limit is not None:
            facts |= {"amount": self.limit.amount, "unit": self.limit.unit.value}
        if self.limit is not None and self.verb is not Verb.EXTEND:
            facts |= {"policy_id": self.policy_id}
        if self.since is not None:
            facts["since"] = self.since.isoformat()
        if self.pauses:
            facts["pauses"] = [[start.isoformat(), end.isoformat()] for start, end in self.pauses]
        return facts

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "ClockMove":
        """The inverse of `to_facts`."""
        since = facts.get("since")
        limit = Limit(facts["amount"], Unit(facts["unit"])) if "amount" in facts else None
        return cls(
            verb=Verb(facts["verb"]),
            kind=ClockKind(facts["kind"]),
            organisation_id=facts.get("organisation_id"),
            round=facts.get("round"),
            limit=limit,
            policy_id=facts.get("policy_id"),
            since=datetime.fromisoformat(since) if since else None,
            pauses=tuple(
                (datetime.fromisoformat(start), datetime.fromisoformat(end))
                for start, end in facts.get("pauses", ())
            ),
        )


@dataclass(frozen=True, slots=True)
class ClockBoard:
    """All clocks of one ticket, and the round in which they move.

    What begins or is retargeted counts on `calendar`; what runs, on its own, out of `calendars`.
    Each clock has the ladder of its own policy, out of `ladders`.
    """

    clocks: Mapping[ClockKey, Clock]
    round: int
    calendar: WorkCalendar
    calendars: Calendars
    ladders: Ladders

    def apply(self, moves: Iterable[ClockMove], *, at: datetime) -> dict[ClockKey, Clock]:
        """The clocks that `moves` change, as they are afterwards."""
        changed: dict[ClockKey, Clock] = {}
        for move in moves:
            key = (move.round or self.round, move.kind, move.organisation_id)
            standing = changed.get(key) or self.clocks.get(key)
            changed[key] = self._moved(standing, move, at=at)
        return changed

    def _moved(self, clock: Clock | None, move: ClockMove, *, at: datetime) -> Clock:
        if move.verb is Verb.START:
            return self._started(move, at=at)
        if clock is None:
            raise LookupError(f"no clock {move.kind} in round {self.round}")
        if move.verb is Verb.RETARGET:
            return retargeted(clock, move, self.calendar, self.ladders, at=at)
        if move.verb is Verb.STOP:
            return sla.stop(clock, at=at)
        if move.verb in _COUNTED:
            return self._counted(clock, move, at=at)
        return sla.mark(clock, Rung(move.verb.value), at=at)

    def _counted(self, clock: Clock, move: ClockMove, *, at: datetime) -> Clock:
        own = self.calendars(clock.calendar_version, clock.hours_area)
        if move.verb is Verb.PAUSE:
            return sla.pause(clock, own, at=at)
        ladder = self.ladders[clock.policy_id]
        if move.limit is not None:
            return sla.extend(clock, own, ladder, move.limit, at=at)
        return _GOING_ON[move.verb](clock, own, ladder, at=at)

    def _started(self, move: ClockMove, *, at: datetime) -> Clock:
        if move.limit is None or move.policy_id is None:
            raise ValueError("a clock starts with a limit and by a policy")
        terms = ClockTerms(
            kind=move.kind,
            round=move.round or self.round,
            limit=move.limit,
            organisation_id=move.organisation_id,
            policy_id=move.policy_id,
            ladder=self.ladders[move.policy_id],
        )
        since = move.since or at
        return sla.start_with_pauses(terms, move.pauses, self.calendar, at=since)


_COUNTED = frozenset({Verb.PAUSE, Verb.RESUME, Verb.REOPEN, Verb.EXTEND})
"""The moves for which seconds are counted on the clock's own calendar."""

_GOING_ON = {Verb.RESUME: sla.resume, Verb.REOPEN: sla.reopen}


def retargeted(
    clock: Clock, move: ClockMove, calendar: WorkCalendar, ladders: Ladders, *, at: datetime
) -> Clock:
    """The clock after a `retarget`, which may bring a limit and its policy; extensions stay.

    With a policy comes its ladder; without, the clock keeps its own.
    """
    policy_id = move.policy_id if move.limit else clock.policy_id
    limit = move.limit or Limit(clock.limit_amount, clock.limit_unit)
    terms = ClockTerms(
        kind=clock.kind,
        round=clock.round,
        limit=limit,
        organisation_id=clock.organisation_id,
        policy_id=policy_id,
        extended_by=clock.extended_by if limit.unit is clock.limit_unit else 0,
        ladder=ladders[policy_id],
    )
    return sla.retarget(clock, terms, calendar, at=at)


def board_of(clocks: Iterable[Clock], in_round: int, terms: Terms) -> ClockBoard:
    """A board with `clocks` of any round, moving those of `in_round`."""
    keyed = {(clock.round, clock.kind, clock.organisation_id): clock for clock in clocks}
    return ClockBoard(keyed, in_round, terms.calendar, terms.calendars, terms.ladders)


def standing(clocks: Iterable[Clock], in_round: int, *kinds: ClockKind) -> list[Clock]:
    """The clocks of the round that are not stopped yet; all kinds when none is named."""
    return [
        clock
        for clock in clocks
        if clock.round == in_round
        and clock.stopped_at is None
        and (not kinds or clock.kind in kinds)
    ]


def moves_of(verb: Verb, clocks: Iterable[Clock]) -> tuple[ClockMove, ...]:
    """The same move for each of `clocks`."""
    return tuple(ClockMove(verb, clock.kind, clock.organisation_id) for clock in clocks)
