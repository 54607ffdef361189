"""评价: the enterprise's own judgement, never by default."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant


class Evaluation(Model):
    """评价 of one round, five levels: the last word and the first. Set aside, it counts no more."""

    __tablename__ = "evaluations"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    reasons: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    comment: Mapped[str | None] = mapped_column(sa.Text)
    channel: Mapped[str] = mapped_column(sa.Text)
    rated_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    rated_at: Mapped[Instant]
    first_level: Mapped[int] = mapped_column(sa.SmallInteger)
    first_rated_at: Mapped[Instant]
    set_aside_at: Mapped[Instant | None]

    __table_args__ = (
        sa.UniqueConstraint("ticket_id", "round", name="uq_evaluations_round"),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        sa.CheckConstraint("first_level BETWEEN 1 AND 5", name="first_level"),
        sa.Index("ix_evaluations_first_rated_at", "first_rated_at"),
    )
