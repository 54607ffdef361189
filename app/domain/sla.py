"""时限: a chess clock. Running it has a due time, paused a remainder, stopped an end.

Every function takes a clock and returns another; nothing here reads the time. The rules are those
of domain.md 4.2 to 4.4: pauses lose no second, red when the due time has passed, and of the other
rungs those that the ladder of its policy has. What a clock is: `sla_clock.py`; what it warns of:
`sla_warnings.py`; told to people: `sla_explanation.py`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.errors import Conflict
from app.domain.ladder import Ladder
from app.domain.late_rungs import late_instants, next_late
from app.domain.limits import Limit, Unit
from app.domain.sla_clock import (
    CARDS,
    CLIMBING,
    REMINDING,
    Clock,
    ClockKind,
    ClockTerms,
    Light,
    Rung,
    seconds_left,
    total_seconds,
)
from app.domain.sla_explanation import Explanation, Until, explain
from app.domain.sla_warnings import GIVEN_AT, is_ahead, light, mark, rung_due
from app.domain.work_calendar import WorkCalendar, local_time

__all__ = [
    "CARDS",
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
    "extend",
    "light",
    "mark",
    "pause",
    "resume",
    "retarget",
    "rung_due",
    "seconds_left",
    "start_clock",
    "start_with_pauses",
    "stop",
    "total_seconds",
]

Pauses = Sequence[tuple[datetime, datetime]]


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
        hours_area=calendar.area,
        extended_by=terms.extended_by,
    )
    return _due_at(clock, calendar, terms.ladder, clock.limit.due_after(calendar, at=at))


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
        paused = pause(clock, calendar, at=paused_at)
        clock = resume(paused, calendar, terms.ladder, at=resumed_at)
    return clock


def pause(clock: Clock, calendar: WorkCalendar, *, at: datetime) -> Clock:
    """Halt a running clock, keeping the seconds left (negative: late). Raises WrongClockState."""
    if clock.due_at is None or not clock.is_running:
        raise WrongClockState
    remaining = clock.limit.seconds_between(calendar, at, clock.due_at)
    waiting = replace(clock, due_at=None, remind_at=None, yellow_at=None)
    waiting = replace(waiting, nudge_at=None, late_ats=(), climb_at=None)
    return replace(waiting, remaining_seconds=remaining, paused_at=at)


def resume(clock: Clock, calendar: WorkCalendar, ladder: Ladder, *, at: datetime) -> Clock:
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
        running = replace(running, nudged_at=None, late_rung=None)
    return _due_at(running, calendar, ladder, due)


def extend(
    clock: Clock, calendar: WorkCalendar, ladder: Ladder, more: Limit, *, at: datetime
) -> Clock:
    """Give a clock so much more, in its own unit; its due time and its rungs move with it.

    Raises WrongClockState when it is stopped or counts in another unit. What still has time left is
    warned about anew; what stays late keeps its firings.
    """
    if clock.is_stopped or more.unit is not clock.limit_unit:
        raise WrongClockState
    longer = replace(clock, extended_by=clock.extended_by + more.amount)
    added = total_seconds(longer, calendar) - total_seconds(clock, calendar)
    if seconds_left(clock, calendar, at=at) + added > 0:
        longer = replace(longer, reminded_at=None, warned_at=None, overdue_at=None)
        longer = replace(longer, nudged_at=None, late_rung=None)
    if clock.due_at is None:
        return replace(longer, remaining_seconds=(clock.remaining_seconds or 0) + added)
    due = clock.limit.add_seconds(calendar, clock.due_at, added)
    return _due_at(longer, calendar, ladder, due)


def stop(clock: Clock, *, at: datetime) -> Clock:
    """End a clock, running or paused. Raises WrongClockState."""
    if clock.is_stopped:
        raise WrongClockState
    return replace(clock, stopped_at=at)


def reopen(clock: Clock, calendar: WorkCalendar, ladder: Ladder, *, at: datetime) -> Clock:
    """Let a stopped clock run as if it had never been stopped; a pause in it ends now.

    Raises WrongClockState.
    """
    if not clock.is_stopped:
        raise WrongClockState
    again = replace(clock, stopped_at=None)
    return resume(again, calendar, ladder, at=at) if again.is_paused else again


def retarget(clock: Clock, terms: ClockTerms, calendar: WorkCalendar, *, at: datetime) -> Clock:
    """The clock as if `terms`, with their ladder, and `calendar` had been its own from the start.

    Its pauses stay. A warning stays given where its time has come by the new count too; it is given
    afresh where the due time has moved away from it: one lateness, one red card. Raises
    WrongClockState.
    """
    if clock.is_stopped:
        raise WrongClockState
    anew = start_with_pauses(terms, clock.pauses, calendar, at=clock.started_at)
    if clock.paused_at is not None:
        anew = pause(anew, calendar, at=clock.paused_at)
    is_moved = clock.due_at != anew.due_at
    given: dict[str, Any] = {
        name: None if is_moved and is_ahead(anew, rung, at=at) else getattr(clock, name)
        for rung, name in GIVEN_AT.items()
    }
    climbed = clock.late_rung if given["overdue_at"] else None
    next_at = next_late(anew.late_ats, climbed)
    return replace(anew, late_rung=climbed, climb_at=next_at, **given)


def _due_at(clock: Clock, calendar: WorkCalendar, ladder: Ladder, due: datetime) -> Clock:
    """The clock running until `due`, with the times of the rungs that its kind and ladder have."""
    percents = {"remind_at": ladder.remind_percent if clock.kind in REMINDING else None}
    if Rung.YELLOW in CARDS[clock.kind]:
        percents["yellow_at"] = ladder.yellow_percent
    if clock.kind in CLIMBING:
        percents["nudge_at"] = ladder.nudge_percent
    comes: dict[str, Any] = {
        name: None if percent is None else _at_percent(clock, calendar, due, percent)
        for name, percent in percents.items()
    }
    if clock.kind in REMINDING and ladder.remind_after_days is not None:
        comes["remind_at"] = _after_days(clock, ladder.remind_after_days)
    if clock.kind in CLIMBING:
        late = late_instants(calendar, due, ladder.late_days)
        comes |= {"late_ats": late, "climb_at": next_late(late, clock.late_rung)}
    return replace(clock, due_at=due, **comes)


def _after_days(clock: Clock, days: int) -> datetime:
    waited = sum((end - start for start, end in clock.pauses), timedelta())
    return local_time(clock.started_at + timedelta(days=days) + waited)


def _at_percent(clock: Clock, calendar: WorkCalendar, due: datetime, percent: int) -> datetime:
    left = total_seconds(clock, calendar) * (100 - percent) // 100
    return clock.limit.add_seconds(calendar, due, -left)
