"""What keeps the machinery honest: idempotency keys, job runs, clock offset, counters, workers."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Hash, Id, Instant, Recorded, Sealed, one_of


class IdempotencyKey(Model):
    """幂等键: the first answer to a request, sealed, replayed for 24 hours."""

    __tablename__ = "idempotency_keys"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    method: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    path: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    key: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    request_hash: Mapped[Hash]
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    body: Mapped[Sealed]
    created_at: Mapped[Recorded] = mapped_column(index=True)


RUN_STATES = ("running", "done", "failed", "lost")


class JobRun(Model):
    """任务运行: one row per job and slot, whoever runs it; those that were asked for besides.

    `lost`: its process was not heard of any more. `taken_from`: whose run of the slot this one
    makes up for.
    """

    __tablename__ = "job_runs"

    id: Mapped[Id]
    job: Mapped[str] = mapped_column(sa.Text)
    slot: Mapped[Instant]
    host: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text, server_default="running")
    items: Mapped[int] = mapped_column(server_default="0")
    failures: Mapped[int] = mapped_column(server_default="0")
    detail: Mapped[str | None] = mapped_column(sa.Text)
    started_at: Mapped[Instant]
    finished_at: Mapped[datetime | None] = mapped_column(sa.TIMESTAMP(timezone=True))
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("job_requests.id"), index=True)
    taken_from: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (
        one_of("state", RUN_STATES),
        sa.UniqueConstraint(
            "job",
            "slot",
            "request_id",
            name="uq_job_runs_slot",
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index("ix_job_runs_started_at", "started_at"),
        sa.Index("ix_job_runs_running", "job", postgresql_where=sa.text("state = 'running'")),
    )


class BusinessClock(Model):
    """业务时钟: how far business time is ahead of real time. One row; zero in production."""

    __tablename__ = "business_clock"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default="1")
    offset_seconds: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")

    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.CheckConstraint("offset_seconds >= 0", name="forward_only"),
    )


class RateCounter(Model):
    """限流计数: how often something happened in a window."""

    __tablename__ = "rate_counters"

    key: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    window_start: Mapped[Instant] = mapped_column(primary_key=True)
    count: Mapped[int]


class Worker(Model):
    """工作进程: one that works in the background, and when it was last heard of (real time)."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.Text)
    started_at: Mapped[Instant]
    seen_at: Mapped[Instant]
