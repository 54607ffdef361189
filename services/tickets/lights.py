"""亮灯 and remaining time of a ticket, from the columns that mirror its leading clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.domain.limits import Unit
from app.domain.sla_clock import Light
from app.domain.work_calendar import WorkCalendar
from app.models.ticket import Ticket
from services.tickets.terms import calendar_of
from services.visibility.asking import Condition

WORKING = frozenset({Unit.WORKING_DAYS, Unit.WORKING_MINUTES})


def light_of(row: Mapping[Any, Any], *, at: datetime) -> Light:
    """Red after `due_at`, yellow from `yellow_at` on; a clock without yellow never warns."""
    if row["remaining_seconds"] is not None:
        return Light.PAUSED
    if row["yellow_at"] is None or at < row["yellow_at"]:
        return Light.GREEN
    return Light.RED if at > row["due_at"] else Light.YELLOW


def lit(light: Light, *, at: Any) -> Condition:
    """The same rule as a condition on `tickets`; `at` is an instant or a parameter."""
    paused = Ticket.remaining_seconds.is_not(None)
    warned = sa.and_(Ticket.yellow_at.is_not(None), Ticket.yellow_at <= at)
    conditions: dict[Light, Condition] = {
        Light.PAUSED: paused,
        Light.RED: sa.and_(warned, Ticket.due_at < at),
        Light.YELLOW: sa.and_(warned, Ticket.due_at >= at),
        Light.GREEN: sa.and_(
            sa.not_(paused), sa.or_(Ticket.yellow_at.is_(None), Ticket.yellow_at > at)
        ),
    }
    return conditions[light]


@dataclass(frozen=True, slots=True)
class _Counting:
    """An instant on one calendar, and the positions of others: many are due at one closing time."""

    calendar: WorkCalendar
    position: int
    positions: dict[datetime, int] = field(default_factory=dict)

    def seconds_until(self, due_at: datetime) -> int:
        known = self.positions.get(due_at)
        if known is None:
            known = self.positions[due_at] = self.calendar.position(due_at)
        return known - self.position


@dataclass(frozen=True, slots=True)
class Now:
    """An instant, for many tickets at once: each is counted on the calendar of its own clock.

    A row is one of `tickets`, or any other, with the columns that mirror a clock.
    """

    at: datetime
    _countings: dict[tuple[int, str], _Counting] = field(default_factory=dict)

    def remaining_minutes(self, row: Mapping[Any, Any]) -> int | None:
        """Minutes left, negative when overdue; working minutes where the limit is in such."""
        if row["remaining_seconds"] is not None:
            return int(row["remaining_seconds"] // 60)
        due_at: datetime | None = row["due_at"]
        if due_at is None:
            return None
        if row["limit_unit"] in WORKING:
            return self._counting(row).seconds_until(due_at) // 60
        return int((due_at - self.at).total_seconds() // 60)

    def is_provisional(self, row: Mapping[Any, Any]) -> bool:
        """Does the counting reach into a year whose official list is not out yet?

        The due time tells: no official year comes after a provisional one.
        """
        due_at: datetime | None = row["due_at"]
        if due_at is None or row["limit_unit"] not in WORKING:
            return False
        last = due_at - timedelta(seconds=1)
        return self._counting(row).calendar.is_provisional_between(last, due_at)

    def _counting(self, row: Mapping[Any, Any]) -> _Counting:
        key = row["calendar_version"], row["hours_area"]
        known = self._countings.get(key)
        if known is None:
            calendar = calendar_of(*key)
            known = self._countings[key] = _Counting(calendar, calendar.position(self.at))
        return known
