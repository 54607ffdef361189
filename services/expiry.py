"""保存期限: how long each table keeps its rows, all in real time; who is held back keeps more.

A line that says `what` it is tells of people: each of its deletions is in the audit, and the
privacy notice shows it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.db import Model, db
from app.domain.actor import system
from app.models.import_batch import ImportBatch, ImportChange, ImportRow
from app.models.log_in import LoginChallenge, LoginFailure
from app.models.login_session import LoginSession
from app.models.operation import IdempotencyKey, JobRun, RateCounter, Worker
from app.models.wechat import WechatVisitor
from services import audit
from services.visibility.holds import is_everything_held, is_held

Condition: TypeAlias = sa.ColumnElement[bool]

EVERY: Condition = sa.true()
BATCH = 1_000
SWEEPER = system("到期销毁")


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of `model` are kept for `term` from `since`; with `only`, those of a kind.

    `account`: whose they are, so that a hold on the account keeps them.
    """

    model: type[Model]
    since: Any
    term: timedelta
    only: Condition = EVERY
    what: str = ""
    account: Any = None

    def __str__(self) -> str:
        return str(self.model.__table__)

    def is_held(self) -> Condition:
        """Whether a hold keeps a row."""
        if self.account is None:
            return is_everything_held()
        return sa.or_(is_everything_held(), is_held("account", self.account))


def _of_batch(column: Any) -> Any:
    of_row = sa.select(column).where(ImportBatch.id == ImportRow.batch_id)
    return of_row.correlate_except(ImportBatch).scalar_subquery()


RETENTION: tuple[Kept, ...] = (
    Kept(
        IdempotencyKey,
        IdempotencyKey.created_at,
        timedelta(hours=24),
        account=IdempotencyKey.account_id,
    ),
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
        what="登录会话",
        account=LoginSession.account_id,
    ),
    Kept(WechatVisitor, WechatVisitor.expires_at, timedelta(0)),
    Kept(LoginChallenge, LoginChallenge.expires_at, timedelta(0)),
    Kept(LoginFailure, LoginFailure.failed_at, timedelta(days=1)),
    Kept(Worker, Worker.seen_at, timedelta(days=1)),
    Kept(
        ImportRow,
        _of_batch(ImportBatch.finished_at),
        timedelta(days=30),
        # The rest is kept: who reported which enterprise, and when.
        only=ImportRow.subject_id.is_(None),
        what="登记导入的各行内容",
        account=_of_batch(ImportBatch.account_id),
    ),
    Kept(ImportChange, ImportChange.created_at, timedelta(days=30), what="登记导入前的原值"),
)
"""Runs that found nothing to do come every few seconds and tell nobody anything after an hour."""


def delete_expired(kept: Kept, *, at: datetime) -> int:
    """Delete at most `BATCH` rows past their term at `at` (real time); answers how many."""
    row: sa.ColumnElement[str] = sa.literal_column(f"{kept}.ctid")
    due = kept.since < at - kept.term, kept.only, sa.not_(kept.is_held())
    batch = sa.select(row).select_from(kept.model).where(*due).limit(BATCH)
    locked = batch.with_for_update(of=kept.model, skip_locked=True)
    expired = sa.delete(kept.model).where(row.in_(locked)).returning(kept.since)
    gone = db.session.scalars(expired, execution_options={"synchronize_session": False}).all()
    if gone and kept.what:
        facts = {"rows": len(gone), "oldest": min(gone), "newest": max(gone)}
        audit.record(SWEEPER, "delete_expired", f"table:{kept}", facts)
    return len(gone)
