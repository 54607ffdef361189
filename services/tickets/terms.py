"""The promises in force. Calendars are kept in the process: published versions never change."""

from datetime import date, datetime
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from app.db import db
from app.domain.errors import Refused
from app.domain.limits import Unit
from app.domain.sla_clock import ClockKind
from app.domain.terms import Policy, Terms
from app.domain.vocabulary import TicketClass
from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar
from app.models.sla import SlaPolicy, WorkCalendarVersion

Stamp: TypeAlias = tuple[int | None, int | None]
"""The newest calendar and the newest policy: both are added to, never changed."""

_calendars: dict[int, WorkCalendar] = {}
_terms: dict[tuple[Stamp, date], Terms] = {}

_NEWEST = sa.select(sa.func.max(WorkCalendarVersion.version))
NEWEST_CALENDAR = _NEWEST.scalar_subquery().label("newest_calendar")
"""Among the columns of another select: which calendar `calendar_of` is to give."""

NEWEST_POLICY = sa.select(sa.func.max(SlaPolicy.id)).scalar_subquery().label("newest_policy")
"""The same, with which both `terms_of` finds the terms."""

KEPT = 100

_TERMS = (
    sa.select(
        SlaPolicy.id,
        SlaPolicy.ticket_class,
        SlaPolicy.clock,
        SlaPolicy.amount,
        SlaPolicy.unit,
        SlaPolicy.extension_days,
        SlaPolicy.total_days,
        _NEWEST.scalar_subquery().label("calendar_version"),
    )
    .ext(distinct_on(SlaPolicy.ticket_class, SlaPolicy.clock))
    .where(SlaPolicy.effective_from <= sa.bindparam("day"))
    .order_by(SlaPolicy.ticket_class, SlaPolicy.clock, SlaPolicy.effective_from.desc())
)


class NoCalendar(Refused):
    """系统尚未载入工作日历，请联系管理员。"""

    code = "no-calendar"


def terms_at(*, at: datetime) -> Terms:
    """The newest calendar and, for each class and clock, the policy in force on the local day.

    Raises `NoCalendar`.
    """
    rows = db.session.execute(_TERMS, {"day": at.astimezone(LOCAL_ZONE).date()}).all()
    if not rows or rows[0].calendar_version is None:
        raise NoCalendar
    policies = {
        (TicketClass(row.ticket_class), ClockKind(row.clock)): Policy(
            row.id, row.amount, Unit(row.unit), row.extension_days, row.total_days
        )
        for row in rows
    }
    return Terms(calendar_of(rows[0].calendar_version), policies)


def terms_of(stamp: Stamp, *, at: datetime) -> Terms:
    """What `terms_at` gives, kept in the process for as long as nothing is added.

    Raises `NoCalendar`.
    """
    key = (stamp, at.astimezone(LOCAL_ZONE).date())
    if key not in _terms:
        if len(_terms) >= KEPT:
            _terms.clear()
        _terms[key] = terms_at(at=at)
    return _terms[key]


def newest_calendar() -> WorkCalendar:
    """Raises `NoCalendar`."""
    return calendar_of(db.session.scalar(_NEWEST))


def calendar_of(version: int | None) -> WorkCalendar:
    """A published version; kept in the process, because it never changes.

    Raises `NoCalendar` without any.
    """
    if version is None:
        raise NoCalendar
    if version not in _calendars:
        document = db.session.execute(
            sa.select(WorkCalendarVersion.document).where(WorkCalendarVersion.version == version)
        ).scalar_one()
        _calendars[version] = WorkCalendar.from_document(version, document)
    return _calendars[version]
