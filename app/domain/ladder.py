"""督办阶梯: the rungs of a clock beyond reminder, yellow and red. Read the table.

Source: domain.md 4.4 (supervision ladder). Half of the time gone is a quiet word; lateness goes up
from unit to leader, by working days after the due time, and each rung is climbed once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.sla_clock import ClockKind, Rung
from app.domain.work_calendar import UnknownCalendarYear, WorkCalendar

CLIMBING = frozenset({ClockKind.FINISH, ClockKind.ASSIGNMENT})
"""The clocks that the whole ladder stands on; the others have their three rungs."""

NUDGE_PERCENT = 50


@dataclass(frozen=True, slots=True)
class LateRung:
    """A rung above red: so many working days after the due time, at closing time."""

    rung: Rung
    working_days: int


LATE: tuple[LateRung, ...] = (
    LateRung(Rung.ORDER, 2),
    LateRung(Rung.BULLETIN, 5),
    LateRung(Rung.ESCALATION, 10),
)
"""督办单 to the unit head, 通报 and 提醒函, 提级 to the deputy leader."""

LATE_RUNGS = tuple(each.rung for each in LATE)

RUNG_LABELS: Mapping[Rung, str] = {
    Rung.NUDGE: "过半提示",
    Rung.REMINDER: "提醒",
    Rung.YELLOW: "黄牌",
    Rung.RED: "红牌",
    Rung.ORDER: "督办",
    Rung.BULLETIN: "通报",
    Rung.ESCALATION: "提级",
}


def late_instants(calendar: WorkCalendar, due: datetime) -> tuple[datetime, ...]:
    """When a clock due at `due` comes to each late rung, as far as the calendar reaches."""
    # The closing time itself belongs to the next day for the calendar; here the day of it counts.
    last = due - timedelta(seconds=1)
    found: list[datetime] = []
    for each in LATE:
        try:
            found.append(calendar.close_of_day(last, each.working_days))
        except UnknownCalendarYear:
            break
    return tuple(found)


def next_late(instants: tuple[datetime, ...], given: Rung | None) -> datetime | None:
    """The first of `instants` above the rung that was given last; None at the top."""
    climbed = LATE_RUNGS.index(given) + 1 if given else 0
    return instants[climbed] if climbed < len(instants) else None


def late_reached(instants: tuple[datetime, ...], *, at: datetime) -> Rung | None:
    """The highest late rung that `at` has come to."""
    climbed = sum(instant <= at for instant in instants)
    return LATE_RUNGS[climbed - 1] if climbed else None
