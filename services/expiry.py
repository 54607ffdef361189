"""保存期限: how long the machinery keeps what it needs only for a while. All in real time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.db import Model, db
from app.models.log_in import LoginChallenge, LoginFailure
from app.models.login_session import LoginSession
from app.models.operation import IdempotencyKey, JobRun, RateCounter, Worker
from app.models.wechat import WechatVisitor

Condition: TypeAlias = sa.ColumnElement[bool]

EVERY: Condition = sa.true()


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of `model` are kept for `term` from `since`; with `only`, those of a kind."""

    model: type[Model]
    since: Any
    term: timedelta
    only: Condition = EVERY

    def __str__(self) -> str:
        return str(self.model.__table__)


RETENTION: tuple[Kept, ...] = (
    Kept(IdempotencyKey, IdempotencyKey.created_at, timedelta(hours=24)),
    Kept(RateCounter, RateCounter.window_start, timedelta(days=1)),
    Kept(JobRun, JobRun.started_at, timedelta(days=7)),
    Kept(
        JobRun,
        JobRun.started_at,
        timedelta(hours=1),
        only=sa.and_(JobRun.state == "done", JobRun.items == 0, JobRun.failures == 0),
    ),
    Kept(
        LoginSession,
        sa.func.coalesce(LoginSession.revoked_at, LoginSession.expires_at),
        timedelta(days=30),
    ),
    Kept(WechatVisitor, WechatVisitor.expires_at, timedelta(0)),
    Kept(LoginChallenge, LoginChallenge.expires_at, timedelta(0)),
    Kept(LoginFailure, LoginFailure.failed_at, timedelta(days=1)),
    Kept(Worker, Worker.seen_at, timedelta(days=1)),
)
"""Runs that found nothing to do come every few seconds and tell nobody anything after an hour."""


def delete_expired(kept: Kept, *, at: datetime) -> int:
    """Delete what is past its term at `at` (real time); answers how many rows."""
    expired = sa.delete(kept.model).where(kept.since < at - kept.term, kept.only)
    return len(db.session.execute(expired.returning(sa.literal(1))).all())
