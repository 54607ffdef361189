"""What people do about jobs: ask for a run, hold one back for a while."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant


class JobRequest(Model):
    """运行要求: somebody wants a job to run now; the next scheduler that looks takes it, once."""

    __tablename__ = "job_requests"

    id: Mapped[Id]
    job: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text)
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    asked_at: Mapped[Instant]
    taken_at: Mapped[Instant | None]

    __table_args__ = (
        sa.Index(
            "uq_job_requests_waiting",
            "job",
            unique=True,
            postgresql_where=sa.text("taken_at IS NULL"),
        ),
    )


class JobPause(Model):
    """暂停 of a job, until then at the latest. `ended_by` is NULL when it ended by itself."""

    __tablename__ = "job_pauses"

    id: Mapped[Id]
    job: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text)
    paused_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    paused_at: Mapped[Instant]
    paused_until: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    end_reason: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (
        sa.CheckConstraint("paused_until > paused_at", name="has_an_end"),
        sa.CheckConstraint("ended_at IS NOT NULL OR ended_by IS NULL", name="ended"),
        sa.CheckConstraint("(ended_by IS NULL) = (end_reason IS NULL)", name="end_reason"),
        sa.Index(
            "uq_job_pauses_standing",
            "job",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )
