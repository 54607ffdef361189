"""What /readyz needs to know of the database, in one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.db import db

_REPORT = sa.text(
    "SELECT (SELECT version_num FROM alembic_version LIMIT 1) AS migration,"
    " (SELECT max(started_at) FROM job_runs) AS last_run"
)


@dataclass(frozen=True, slots=True)
class Report:
    """The migration the database stands at, and how long the scheduler has been silent."""

    migration: str | None
    silent_for: timedelta | None


def report(*, at: datetime) -> Report:
    """`at` is real time. Raises SQLAlchemyError when the database does not answer."""
    row = db.session.execute(_REPORT).one()
    silent_for = at - row.last_run if row.last_run else None
    return Report(row.migration, silent_for)
