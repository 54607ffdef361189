"""工作日历的版本: what was published, newest first, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.calendar_editions import missing_year
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.models.sla import WorkCalendarVersion
from services.paging import descending, fetch_page

NEWEST_FIRST = descending("newest-calendar", WorkCalendarVersion.version)
_COLUMNS = (
    WorkCalendarVersion.version,
    WorkCalendarVersion.document,
    WorkCalendarVersion.published_at,
    (
        WorkCalendarVersion.version
        == sa.select(sa.func.max(aliased(WorkCalendarVersion).version)).scalar_subquery()
    ).label("is_newest"),
)


@dataclass(frozen=True, slots=True)
class Version:
    """A published version. Its document: see `app.domain.work_years.read_document`."""

    version: int
    document: Mapping[str, Any]
    published_at: datetime
    is_newest: bool

    def missing_year(self, *, at: datetime) -> int | None:
        """The next year, from December on, where this version should have its list and has not."""
        return missing_year(self.document, at=at) if self.is_newest else None


def list_versions(page: Page) -> tuple[list[Version], str | None]:
    """One page of versions, newest first, and the next cursor."""
    found = fetch_page(sa.select(*_COLUMNS), NEWEST_FIRST, page)
    return [Version(*row[:4]) for row in found.rows], found.next_cursor


def get_version(version: int) -> Version:
    """Raises `NotFound`."""
    wanted = sa.select(*_COLUMNS).where(
        WorkCalendarVersion.version == sa.cast(version, sa.BigInteger)
    )
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    return Version(*row)


def newest_version() -> Version | None:
    """None before the first one was loaded."""
    newest = sa.select(*_COLUMNS).order_by(WorkCalendarVersion.version.desc()).limit(1)
    row = db.session.execute(newest).one_or_none()
    return Version(*row) if row else None


def year_that_is_missing(*, at: datetime) -> int | None:
    """The next year, from December on, while its official list is not there. Business time."""
    newest = newest_version()
    return newest.missing_year(at=at) if newest else None
