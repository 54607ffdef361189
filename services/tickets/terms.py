"""The promises in force. Calendars and policies are kept in the process: they are only added to."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.db import db
from app.domain.errors import Refused
from app.domain.limits import Unit
from app.domain.sla_clock import ClockKind
from app.domain.terms import Policies, Policy, Terms
from app.domain.vocabulary import TicketClass
from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar
from app.models.sla import SlaPolicy, WorkCalendarVersion

Stamp: TypeAlias = tuple[int | None, int | None]
"""The newest calendar and the newest policy: both are added to, never changed."""

_documents: dict[int, Mapping[str, Any]] = {}
_calendars: dict[tuple[int, str], WorkCalendar] = {}

_NEWEST = sa.select(sa.func.max(WorkCalendarVersion.version))
NEWEST_CALENDAR = _NEWEST.scalar_subquery().label("newest_calendar")
"""Among the columns of another select: which calendar `calendar_of` is to give."""

NEWEST_POLICY = sa.select(sa.func.max(SlaPolicy.id)).scalar_subquery().label("newest_policy")
"""The same, with which both `terms_of` finds the terms."""

DAYS_KEPT = 2_000
STAMPS_KEPT = 20

_POLICIES = sa.select(
    SlaPolicy.id,
    SlaPolicy.ticket_class,
    SlaPolicy.clock,
    SlaPolicy.amount,
    SlaPolicy.unit,
    SlaPolicy.effective_from,
).order_by(SlaPolicy.effective_from)


class NoCalendar(Refused):
    """系统尚未载入工作日历，请联系管理员。"""

    code = "no-calendar"


def terms_at(*, at: datetime, area_code: str = "") -> Terms:
    """The newest calendar and, for each class and clock, the policy in force on the local day.

    Raises `NoCalendar`.
    """
    newest = db.session.execute(sa.select(NEWEST_CALENDAR, NEWEST_POLICY)).one()
    return terms_of((newest[0], newest[1]), day=local_day(at), area_code=area_code)


def terms_of(stamp: Stamp, *, day: date, area_code: str = "") -> Terms:
    """What is newest by `stamp`: the calendar as it holds in the area, the policies of a local day.

    Found without a statement for as long as nothing is added. Raises `NoCalendar`.
    """
    newest_calendar, newest_policy = stamp
    return Terms(
        calendar_of(newest_calendar, area_code), _in_force(newest_policy, day), calendar_of
    )


def local_day(at: datetime) -> date:
    """The day on which the instant lies in China."""
    return at.astimezone(LOCAL_ZONE).date()


def newest_calendar(area_code: str = "") -> WorkCalendar:
    """Raises `NoCalendar`."""
    return calendar_of(db.session.scalar(_NEWEST), area_code)


def calendar_of(version: int | None, area_code: str = "") -> WorkCalendar:
    """A published version as it holds in an area; kept in the process, because it never changes.

    Raises `NoCalendar` without any.
    """
    if version is None:
        raise NoCalendar
    if version not in _documents:
        _documents[version] = db.session.execute(
            sa.select(WorkCalendarVersion.document).where(WorkCalendarVersion.version == version)
        ).scalar_one()
    document = _documents[version]
    key = version, narrowest(document, area_code)
    if key not in _calendars:
        _calendars[key] = WorkCalendar.from_document(version, document, area_code)
    return _calendars[key]


def narrowest(document: Mapping[str, Any], area_code: str) -> str:
    """The longest prefix of `area_code` for which the document has office hours, "" without any."""
    prefixes = (row.get("area", "") for row in document.get("hours", ()))
    return max((each for each in prefixes if area_code.startswith(each)), key=len, default="")


@lru_cache(DAYS_KEPT)
def _in_force(newest: int | None, day: date) -> Policies:
    return {
        (TicketClass(row.ticket_class), ClockKind(row.clock)): Policy(
            row.id, row.amount, Unit(row.unit)
        )
        for row in _policies(newest)
        if row.effective_from <= day
    }


@lru_cache(STAMPS_KEPT)
def _policies(newest: int | None) -> tuple[Any, ...]:
    """All of them up to the newest, those that came into force later behind."""
    return tuple(db.session.execute(_POLICIES.where(SlaPolicy.id <= newest)))
