"""Deadlines rebuilt from nothing: the clock moves of all events, applied again in their order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.clock_moves import ClockBoard, ClockKey, ClockMove
from app.domain.ladder import Ladders
from app.domain.sla_clock import Clock
from app.domain.work_calendar import Calendars, WorkCalendar


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """What an event did to the clocks of its ticket; `calendar` is the newest of its time."""

    round: int
    at: datetime
    calendar: WorkCalendar
    moves: tuple[ClockMove, ...]


def replay(
    events: Iterable[ClockEvent], calendars: Calendars, ladders: Ladders
) -> dict[ClockKey, Clock]:
    """The clocks as `events`, in order, leave them. Raises what a move raises that cannot be.

    What already runs is counted on its own calendar, out of `calendars`; each clock warns by the
    ladder of its policy, out of `ladders`.
    """
    clocks: dict[ClockKey, Clock] = {}
    for event in events:
        board = ClockBoard(clocks, event.round, event.calendar, calendars, ladders)
        clocks |= board.apply(event.moves, at=event.at)
    return clocks


def moves_in(facts: Mapping[str, Any]) -> tuple[ClockMove, ...]:
    """The moves that an event's facts carry."""
    return tuple(ClockMove.from_facts(move) for move in facts.get("clocks", ()))
