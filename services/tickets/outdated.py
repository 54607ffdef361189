"""Which clocks have counted a day that a newer work calendar changes. The job asks here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.calendar_changes import changed_days, has_counted
from app.domain.limits import Unit
from app.domain.sla_clock import Clock
from app.domain.vocabulary import FINAL
from app.domain.work_calendar import LOCAL_ZONE
from app.models.sla import SlaClock, WorkCalendarVersion
from app.models.ticket import Ticket
from services.tickets.decode import decode
from services.tickets.terms import areas_with_hours, calendar_of

IN_OFFICE_HOURS = (Unit.WORKING_DAYS, Unit.WORKING_MINUTES)

_NEWEST = sa.select(sa.func.max(WorkCalendarVersion.version))
_OLDER = (
    sa.select(SlaClock.calendar_version, SlaClock.hours_area)
    .where(SlaClock.stopped_at.is_(None), SlaClock.calendar_version < _NEWEST.scalar_subquery())
    .distinct()
)


@dataclass
class _Changes:
    """Changed days by the calendar that a clock has and the one that its ticket's area has now."""

    newest: int
    known: dict[tuple[int, str, str], Sequence[date]] = field(default_factory=dict)

    def days(self, version: int, area: str, area_code: str) -> Sequence[date]:
        newer = calendar_of(self.newest, area_code)
        key = version, area, newer.area
        if key not in self.known:
            self.known[key] = changed_days(calendar_of(version, area), newer)
        return self.known[key]

    def stretch(self, version: int, area: str) -> tuple[date, date] | None:
        """The first and the last day that changes anywhere; None where nothing does."""
        every = [
            day
            for prefix in areas_with_hours(self.newest)
            for day in self.days(version, area, prefix)
        ]
        return (min(every), max(every)) if every else None


def tickets_to_retarget() -> list[str]:
    """Numbers of open tickets with a clock that has counted a changed day, those due first first.

    A clock whose due time lies before the first changed day is not even looked at.
    """
    older = db.session.execute(_OLDER).all()
    if not older:
        return []
    changes = _Changes(db.session.execute(_NEWEST).scalar_one())
    numbers: dict[str, None] = {}
    for version, area in older:
        stretch = changes.stretch(version, area)
        rows = _candidates(version, area, stretch) if stretch else ()
        for row in rows:
            days = changes.days(version, area, row["area_code"])
            if has_counted(decode(Clock, row), days):
                numbers[row["number"]] = None
    return list(numbers)


def _candidates(version: int, area: str, stretch: tuple[date, date]) -> Any:
    first, last = stretch
    query = (
        sa.select(*SlaClock.__table__.c, Ticket.number, Ticket.area_code)
        .join(Ticket, Ticket.id == SlaClock.ticket_id)
        .where(
            SlaClock.stopped_at.is_(None),
            SlaClock.calendar_version == version,
            SlaClock.hours_area == area,
            SlaClock.limit_unit.in_(IN_OFFICE_HOURS),
            SlaClock.started_at < _midnight(last + timedelta(days=1)),
            sa.func.coalesce(SlaClock.due_at, SlaClock.paused_at) > _midnight(first),
            Ticket.status.not_in(FINAL),
        )
        .order_by(SlaClock.due_at, SlaClock.id)
    )
    return db.session.execute(query).mappings()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)
