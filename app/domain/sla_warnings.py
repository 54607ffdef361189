"""提醒与亮牌: which light a clock shows, and which warning is to be given now.

The rules are those of domain.md 4.4: red when the due time has passed, and of the other rungs those
that the clock has times for.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.late_rungs import LATE_RUNGS, late_reached, next_late
from app.domain.sla_clock import CARDS, Clock, Light, Rung

GIVEN_AT: Mapping[Rung, str] = {
    Rung.NUDGE: "nudged_at",
    Rung.REMINDER: "reminded_at",
    Rung.YELLOW: "warned_at",
    Rung.RED: "overdue_at",
}
"""Where it is noted that a warning was given; the lower ones first."""

_COMES_AT: Mapping[Rung, str] = {
    Rung.NUDGE: "nudge_at",
    Rung.REMINDER: "remind_at",
    Rung.YELLOW: "yellow_at",
}


def is_ahead(clock: Clock, rung: Rung, *, at: datetime) -> bool:
    """Whether the time for this warning has not come at `at`."""
    if rung is Rung.RED:
        return clock.due_at is None or at <= clock.due_at
    reached: datetime | None = getattr(clock, _COMES_AT[rung])
    return reached is None or at < reached


def light(clock: Clock, *, at: datetime) -> Light:
    """The light at `at`; a stopped clock is green, since lights are for what still runs."""
    if clock.is_paused:
        return Light.PAUSED
    card = _card_reached(clock, at)
    return Light(card) if card else Light.GREEN


def rung_due(clock: Clock, *, at: datetime) -> Rung | None:
    """The warning to give now: reached and not yet given. Only the latest when several are due.

    A reminder from `remind_at` on, yellow from `yellow_at` on, red once `due_at` has passed: the
    due second is still in time. What was given is followed by none that is lower. Nobody climbs
    higher without the red card.
    """
    if clock.overdue_at is not None and _climbs(clock, at):
        return late_reached(clock.late_ats, at=at)
    reached = _card_reached(clock, at) or _reminder_reached(clock, at)
    return reached if reached and not _is_past(clock, reached) else None


def _is_past(clock: Clock, rung: Rung) -> bool:
    """Whether this warning was given, or a higher one."""
    higher = list(GIVEN_AT)[list(GIVEN_AT).index(rung) :]
    return any(getattr(clock, GIVEN_AT[each]) is not None for each in higher)


def mark(clock: Clock, rung: Rung, *, at: datetime) -> Clock:
    """Note that this warning was given at `at`."""
    if rung in LATE_RUNGS:
        return replace(clock, late_rung=rung, climb_at=next_late(clock.late_ats, rung))
    given: dict[str, Any] = {GIVEN_AT[rung]: at}
    return replace(clock, **given)


def _climbs(clock: Clock, at: datetime) -> bool:
    return not clock.is_stopped and clock.climb_at is not None and at >= clock.climb_at


def _reminder_reached(clock: Clock, at: datetime) -> Rung | None:
    if clock.is_stopped:
        return None
    if clock.remind_at is not None and at >= clock.remind_at:
        return Rung.REMINDER
    return Rung.NUDGE if clock.nudge_at is not None and at >= clock.nudge_at else None


def _card_reached(clock: Clock, at: datetime) -> Rung | None:
    if clock.due_at is None or clock.is_stopped:
        return None
    if at > clock.due_at and Rung.RED in CARDS[clock.kind]:
        return Rung.RED
    return Rung.YELLOW if clock.yellow_at is not None and at >= clock.yellow_at else None
