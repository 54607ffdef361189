"""What /readyz needs to know of the database, in one statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import ProgrammingError

from app.db import db
from app.domain.errors import GatewayError
from services.tickets.due import first_warning

AN_INSTANT = sa.TIMESTAMP(timezone=True)
HEARD_WITHIN = timedelta(minutes=1)
NO_SUCH_TABLE, NO_SUCH_COLUMN = "42P01", "42703"

_TOLD = sa.text(
    "SELECT (SELECT version_num FROM alembic_version LIMIT 1) AS migration,"
    " (SELECT max(started_at) FROM job_runs) AS last_run,"
    " (SELECT send_at FROM deliveries LEFT JOIN wechat_bindings b ON b.id = binding_id"
    " LEFT JOIN wechat_templates USING (appid, template)"
    " WHERE deliveries.state = 'pending'"
    " AND (wecom_binding_id IS NOT NULL OR wechat_templates.state = 'usable')"
    " ORDER BY send_at LIMIT 1) AS first_due,"
    " (SELECT offset_seconds FROM business_clock) AS ahead,"
    " (SELECT count(*) FROM workers WHERE seen_at >= :heard) AS workers,"
    " ARRAY(SELECT CAST(extract(epoch FROM :at - seen_at) AS int) FROM workers"
    " ORDER BY seen_at) AS heartbeats,"
    " ARRAY(SELECT job FROM job_pauses WHERE ended_at IS NULL AND paused_until > :at"
    " ORDER BY job) AS paused_jobs,"
    " EXISTS (SELECT FROM wechat_circuits"
    " WHERE open_until > :at AND name IN ('token', 'subscribe/send')) AS is_wechat_shut,"
    " EXISTS (SELECT FROM wechat_circuits WHERE open_until > :at"
    " AND name IN ('wecom/gettoken', 'wecom/message/send')) AS is_wecom_shut"
).columns(
    migration=sa.Text,
    last_run=AN_INSTANT,
    first_due=AN_INSTANT,
    ahead=sa.BigInteger,
    workers=sa.Integer,
    heartbeats=ARRAY(sa.Integer),
    paused_jobs=ARRAY(sa.Text),
    is_wechat_shut=sa.Boolean,
    is_wecom_shut=sa.Boolean,
)


class Unprepared(GatewayError):
    """数据库还没有升级到本版本，请先执行 flask --app wsgi prepare。"""

    code = "unprepared"

    def __init__(self) -> None:
        super().__init__(retryable=True)


@dataclass(frozen=True, slots=True)
class Report:
    """How the database and those who work on it are.

    `migration` is the one the database stands at; `silent_for` how long no job has begun;
    `overdue_for` how long the oldest message for a phone has been due, in business time, of those
    whose template may be used; `workers` how many have been heard of within a minute;
    `is_wechat_shut` and `is_wecom_shut` whether a call is left alone that sending needs;
    `heartbeats` how many seconds ago each process that is known was heard of; `paused_jobs` what
    people hold back; `warnings_overdue_for` how long the oldest warning of a deadline has been due.
    """

    migration: str | None
    silent_for: timedelta | None
    overdue_for: timedelta
    workers: int
    is_wechat_shut: bool
    is_wecom_shut: bool
    heartbeats: tuple[int, ...]
    paused_jobs: tuple[str, ...]
    warnings_overdue_for: timedelta


def report(*, is_clock_movable: bool, at: datetime) -> Report:
    """`at` is real time; the business clock is looked at only where it may move.

    Raises `Unprepared`, or SQLAlchemyError when the database does not answer.
    """
    with prepared():
        asked = {"at": at, "heard": at - HEARD_WITHIN}
        row = db.session.execute(_report(is_clock_movable=is_clock_movable, at=at), asked).one()
    ahead = timedelta(seconds=row.ahead or 0) if is_clock_movable else timedelta(0)
    overdue_for = at + ahead - row.first_due if row.first_due else timedelta(0)
    return Report(
        migration=row.migration,
        silent_for=at - row.last_run if row.last_run else None,
        overdue_for=max(overdue_for, timedelta(0)),
        workers=row.workers,
        is_wechat_shut=row.is_wechat_shut,
        is_wecom_shut=row.is_wecom_shut,
        heartbeats=tuple(row.heartbeats),
        paused_jobs=tuple(row.paused_jobs),
        warnings_overdue_for=at + ahead - row.first_warning if row.first_warning else timedelta(0),
    )


def _report(*, is_clock_movable: bool, at: datetime) -> sa.Select[*tuple[Any, ...]]:
    told = _TOLD.subquery("told")
    seconds = sa.func.coalesce(told.c.ahead, 0) if is_clock_movable else 0
    ahead = sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    now = sa.literal(at, AN_INSTANT) + ahead
    return sa.select(told, first_warning(at=now).label("first_warning"))


@contextmanager
def prepared() -> Iterator[None]:
    """A table or column that does not exist yet is no fault of the statement: `Unprepared`."""
    try:
        yield
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) in {NO_SUCH_TABLE, NO_SUCH_COLUMN}:
            raise Unprepared from None
        raise
