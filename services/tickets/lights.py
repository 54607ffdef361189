"""亮灯 and remaining time of a ticket, from the columns that mirror its leading clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.domain.limits import Unit
from app.domain.sla_clock import Light
from app.domain.work_calendar import WorkCalendar
from app.models.ticket import Ticket
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


@dataclass(frozen=True)
class Now:
    """An instant on a calendar, for many tickets at once."""

    at: datetime
    calendar: WorkCalendar

    @cached_property
    def _position(self) -> int:
        return self.calendar.position(self.at)

    @cached_property
    def _positions(self) -> dict[datetime, int]:
        """Many tickets are due at the same closing time."""
        return {}

    def remaining_minutes(self, row: Mapping[Any, Any]) -> int | None:
        """Minutes left, negative when overdue; working minutes where the limit is in working time.

        `row` is one of `tickets` with the columns that mirror its leading clock.
        """
        if row["remaining_seconds"] is not None:
            return int(row["remaining_seconds"] // 60)
        if row["due_at"] is None:
            return None
        if row["limit_unit"] in WORKING:
            return (self._position_of(row["due_at"]) - self._position) // 60
        return int((row["due_at"] - self.at).total_seconds() // 60)

    def _position_of(self, due_at: datetime) -> int:
        known = self._positions.get(due_at)
        if known is None:
            known = self._positions[due_at] = self.calendar.position(due_at)
        return known
