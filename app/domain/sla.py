"""时限: a chess clock. Running it has a due time, paused a remainder, stopped an end.

Every function takes a clock and returns another; nothing here reads the time. The rules are those
of domain.md 4.2 to 4.4: pauses lose no second, a reminder when the kind says so, yellow at 90 % of
the counted time, red when the due time has passed. What a clock is: `sla_clock.py`; told to people:
`sla_explanation.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.errors import Conflict
from app.domain.limits import Limit, Unit
from app.domain.sla_clock import (
    CARDS,
    REMINDERS,
    Clock,
    ClockKind,
    ClockTerms,
    Light,
    Rung,
    seconds_left,
    total_seconds,
)
from app.domain.sla_explanation import Explanation, Until, explain
from app.domain.work_calendar import WorkCalendar, local_time

__all__ = [
    "CARDS",
    "REMINDERS",
    "Clock",
    "ClockKind",
    "ClockTerms",
    "Explanation",
    "Light",
    "Limit",
    "Rung",
    "Unit",
    "Until",
    "WrongClockState",
    "explain",
    "light",
    "mark",
    "pause",
    "resume",
    "rung_due",
    "seconds_left",
    "start_clock",
    "start_with_pauses",
    "stop",
    "total_seconds",
]

Pauses = Sequence[tuple[datetime, datetime]]

YELLOW_PERCENT = 90

_GIVEN_AT: Mapping[Rung, str] = {
    Rung.REMINDER: "reminded_at",
    Rung.YELLOW: "warned_at",
    Rung.RED: "overdue_at",
}


class WrongClockState(Conflict):
    """时限当前的状态不允许这一操作。"""

    code = "wrong-clock-state"


def start_clock(terms: ClockTerms, calendar: WorkCalendar, *, at: datetime) -> Clock:
    """A clock running from `at`; outside office hours working limits count from the opening.

    Raises UnknownCalendarYear when the limit reaches a year without a calendar.
    """
    clock = Clock(
        kind=terms.kind,
        round=terms.round,
        organisation_id=terms.organisation_id,
        limit_amount=terms.limit.amount,
        limit_unit=terms.limit.unit,
        started_at=at,
        policy_id=terms.policy_id,
        calendar_version=calendar.version,
        due_at=None,
    )
    return _due_at(clock, calendar, terms.limit.due_after(calendar, at=at))


def start_with_pauses(
    terms: ClockTerms, pauses: Pauses, calendar: WorkCalendar, *, at: datetime
) -> Clock:
    """A clock that has run since `at`, with ended pauses (from, to) behind it, in order.

    For the enterprise clock, which runs from submission and gets its limit at acceptance; equal
    to having started it then and paused and resumed it each time.
    """
    instants = [at, *(instant for pause_of in pauses for instant in pause_of)]
    if instants != sorted(instants):
        raise ValueError(f"pauses out of order: {instants}")
    clock = start_clock(terms, calendar, at=at)
    for paused_at, resumed_at in pauses:
        clock = resume(pause(clock, calendar, at=paused_at), calendar, at=resumed_at)
    return clock


def pause(clock: Clock, calendar: WorkCalendar, *, at: datetime) -> Clock:
    """Halt a running clock, keeping the seconds left (negative: late). Raises WrongClockState."""
    if clock.due_at is None or not clock.is_running:
        raise WrongClockState
    remaining = clock.limit.seconds_between(calendar, at, clock.due_at)
    waiting = replace(clock, due_at=None, remind_at=None, yellow_at=None)
    return replace(waiting, remaining_seconds=remaining, paused_at=at)


def resume(clock: Clock, calendar: WorkCalendar, *, at: datetime) -> Clock:
    """Let a paused clock go on; its due time moves by the pause. Raises WrongClockState.

    A clock with time left is warned about anew where its due time is a new one; a pause outside
    office hours may move nothing. A late one stays late by as much as before and keeps its
    firings: one lateness, one red card.
    """
    if clock.paused_at is None or clock.remaining_seconds is None or clock.is_stopped:
        raise WrongClockState
    left = clock.remaining_seconds
    before, due = (
        clock.limit.add_seconds(calendar, since, left) for since in (clock.paused_at, at)
    )
    running = replace(
        clock,
        paused_at=None,
        remaining_seconds=None,
        pauses=(*clock.pauses, (clock.paused_at, at)),
    )
    if left > 0 and due != before:
        running = replace(running, reminded_at=None, warned_at=None, overdue_at=None)
    return _due_at(running, calendar, due)


def stop(clock: Clock, *, at: datetime) -> Clock:
    """End a clock, running or paused. Raises WrongClockState."""
    if clock.is_stopped:
        raise WrongClockState
    return replace(clock, stopped_at=at)


def reopen(clock: Clock, calendar: WorkCalendar, *, at: datetime) -> Clock:
    """Let a stopped clock run as if it had never been stopped; a pause in it ends now.

    Raises WrongClockState.
    """
    if not clock.is_stopped:
        raise WrongClockState
    again = replace(clock, stopped_at=None)
    return resume(again, calendar, at=at) if again.is_paused else again


def light(clock: Clock, *, at: datetime) -> Light:
    """The light at `at`; a stopped clock is green, since lights are for what still runs."""
    if clock.is_paused:
        return Light.PAUSED
    card = _card_reached(clock, at)
    return Light(card) if card else Light.GREEN


def rung_due(clock: Clock, *, at: datetime) -> Rung | None:
    """The warning to give now: reached and not yet given. Only the latest when several are due.

    A reminder from `remind_at` on, yellow from `yellow_at` on, red once `due_at` has passed: the
    due second is still in time.
    """
    reached = _card_reached(clock, at) or _reminder_reached(clock, at)
    return reached if reached and getattr(clock, _GIVEN_AT[reached]) is None else None


def mark(clock: Clock, rung: Rung, *, at: datetime) -> Clock:
    """Note that this warning was given at `at`."""
    given: dict[str, Any] = {_GIVEN_AT[rung]: at}
    return replace(clock, **given)


def _reminder_reached(clock: Clock, at: datetime) -> Rung | None:
    if clock.remind_at is None or clock.is_stopped:
        return None
    return Rung.REMINDER if at >= clock.remind_at else None


def _card_reached(clock: Clock, at: datetime) -> Rung | None:
    if clock.due_at is None or clock.is_stopped:
        return None
    if at > clock.due_at and Rung.RED in CARDS[clock.kind]:
        return Rung.RED
    return Rung.YELLOW if clock.yellow_at is not None and at >= clock.yellow_at else None


def _due_at(clock: Clock, calendar: WorkCalendar, due: datetime) -> Clock:
    running = replace(clock, due_at=due, remind_at=_remind_at(clock, calendar, due))
    if Rung.YELLOW not in CARDS[clock.kind]:
        return running
    return replace(running, yellow_at=_at_percent(clock, calendar, due, YELLOW_PERCENT))


def _remind_at(clock: Clock, calendar: WorkCalendar, due: datetime) -> datetime | None:
    """None for a kind that does not remind."""
    after = REMINDERS.get(clock.kind)
    if after is None:
        return None
    if isinstance(after, int):
        return _at_percent(clock, calendar, due, after)
    waited = sum((end - start for start, end in clock.pauses), timedelta())
    return local_time(clock.started_at + after + waited)


def _at_percent(clock: Clock, calendar: WorkCalendar, due: datetime, percent: int) -> datetime:
    left = total_seconds(clock, calendar) * (100 - percent) // 100
    return clock.limit.add_seconds(calendar, due, -left)
