"""回访: calls by somebody who did not handle the ticket."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.vocabulary import RevisitOutcome
from app.models.columns import Id, Instant, one_of


class Revisit(Model):
    """一轮回访 and its outcome."""

    __tablename__ = "revisits"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    planned_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    outcome: Mapped[str | None] = mapped_column(sa.Text)
    was_contacted: Mapped[bool | None]
    is_reply_true: Mapped[bool | None]
    is_clear: Mapped[bool | None]
    satisfaction: Mapped[int | None] = mapped_column(sa.SmallInteger)
    note: Mapped[str | None] = mapped_column(sa.Text)
    revisited_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    revisited_at: Mapped[Instant | None]
    last_attempt_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("outcome", RevisitOutcome),
        sa.UniqueConstraint("ticket_id", "round", name="uq_revisits_round"),
        sa.CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.CheckConstraint("(outcome IS NULL) = (revisited_at IS NULL)", name="done"),
        sa.CheckConstraint("outcome <> 'unreached' OR attempts > 0", name="unreached_after_calls"),
        sa.Index(
            "ix_revisits_revisited_at",
            "revisited_at",
            postgresql_where=sa.text("revisited_at IS NOT NULL"),
        ),
    )


class RevisitAttempt(Model):
    """一次回访拨打."""

    __tablename__ = "revisit_attempts"

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"), primary_key=True)
    round: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    attempt: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    is_reached: Mapped[bool]
    note: Mapped[str | None] = mapped_column(sa.Text)
    called_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    called_at: Mapped[Instant]
