"""发布工作日历: version n + 1. Published versions never change, nor do promises by it."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.calendar_editions import Edition, LocalHours, next_document
from app.domain.errors import FieldError, InvalidInput
from app.domain.permissions import Permission, demand
from app.models.area import Area
from app.models.sla import WorkCalendarVersion
from services import audit
from services.promises.versions import Version, get_version, newest_version
from services.tickets.terms import NoCalendar

_ONE_AT_A_TIME = sa.text("LOCK TABLE work_calendars IN SHARE ROW EXCLUSIVE MODE")


def publish(actor: Actor, edition: Edition, *, at: datetime) -> Version:
    """The newest version with what `edition` brings, as the next one; audited.

    Raises `Forbidden`, `InvalidInput`, `NoCalendar`. `at` is real time.
    """
    demand(actor, Permission.CONFIGURE_PROMISES)
    db.session.execute(_ONE_AT_A_TIME)
    newest = newest_version()
    if newest is None:
        raise NoCalendar
    document = next_document(newest.document, edition)
    _check_areas(edition.hours or ())
    made = WorkCalendarVersion(version=newest.version + 1, document=document, published_at=at)
    db.session.add(made)
    db.session.flush()
    facts = {
        "source": edition.source,
        "year": edition.year,
        "has_hours": edition.hours is not None or edition.periods is not None,
    }
    audit.record(actor, "publish_work_calendar", f"work_calendar:{made.version}", facts)
    return get_version(made.version)


def _check_areas(hours: Iterable[LocalHours]) -> None:
    """Hours of a place that does not exist would be nobody's."""
    for index, row in enumerate(hours):
        known = sa.select(sa.exists().where(Area.code.startswith(row.area, autoescape=True)))
        if row.area and not db.session.scalar(known):
            detail = "没有以此开头的行政区划。"
            raise InvalidInput([FieldError(f"/hours/{index}/area", "unknown-area", detail)])
