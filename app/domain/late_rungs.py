"""The rungs above red: up from unit to leader, each climbed once. Read the ladder of the policy.

Source: domain.md 4.4 (supervision ladder). A clock keeps the times of its late rungs by their
place: where its ladder leaves one out, its place is empty.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from app.domain.sla_clock import Rung
from app.domain.work_calendar import UnknownCalendarYear, WorkCalendar

LATE_RUNGS: tuple[Rung, ...] = (Rung.ORDER, Rung.BULLETIN, Rung.ESCALATION)
"""督办单 to the unit head, 通报 and 提醒函, 提级 to the deputy leader."""

RUNG_LABELS: Mapping[Rung, str] = {
    Rung.NUDGE: "进度提示",
    Rung.REMINDER: "提醒",
    Rung.YELLOW: "黄牌",
    Rung.RED: "红牌",
    Rung.ORDER: "督办",
    Rung.BULLETIN: "通报",
    Rung.ESCALATION: "提级",
}

LateInstants: TypeAlias = tuple[datetime | None, ...]
"""One for each of `LATE_RUNGS`, None where the ladder has no such rung; cut off behind the last."""


def late_instants(
    calendar: WorkCalendar, due: datetime, days: Sequence[int | None]
) -> LateInstants:
    """When a clock due at `due` comes to each late rung, as far as the calendar reaches.

    `days`: working days after the due time, one for each of `LATE_RUNGS`.
    """
    # The closing time itself belongs to the next day for the calendar; here the day of it counts.
    last = due - timedelta(seconds=1)
    found: list[datetime | None] = []
    for after in days:
        try:
            found.append(None if after is None else calendar.close_of_day(last, after))
        except UnknownCalendarYear:
            break
    while found and found[-1] is None:
        found.pop()
    return tuple(found)


def late_rungs(instants: LateInstants) -> dict[Rung, datetime]:
    """The late rungs that there are, upwards, and when each comes."""
    placed = zip(LATE_RUNGS, instants, strict=False)
    return {rung: instant for rung, instant in placed if instant is not None}


def next_late(instants: LateInstants, given: Rung | None) -> datetime | None:
    """The time of the first rung above the one that was given last; None at the top."""
    climbed = LATE_RUNGS.index(given) + 1 if given else 0
    above = (instant for instant in instants[climbed:] if instant is not None)
    return next(above, None)


def late_reached(instants: LateInstants, *, at: datetime) -> Rung | None:
    """The highest late rung that `at` has come to."""
    reached = [rung for rung, instant in late_rungs(instants).items() if instant <= at]
    return reached[-1] if reached else None
