"""事项: what is opened beside the straight way of a ticket and settled by somebody else."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.vocabulary import MatterKind, MatterOutcome
from app.models.columns import Id, Instant, Json, one_of


class Matter(Model):
    """事项: 退回、延期、挂起、容缺 and the like. One of a kind is open at a time, for each unit."""

    __tablename__ = "ticket_matters"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    seq: Mapped[int] = mapped_column(sa.SmallInteger)
    kind: Mapped[str] = mapped_column(sa.Text)
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    details: Mapped[Json]
    opened_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    opened_at: Mapped[Instant]
    consented_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    consented_at: Mapped[Instant | None]
    settled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    settled_at: Mapped[Instant | None]
    outcome: Mapped[str | None] = mapped_column(sa.Text)
    note: Mapped[str | None] = mapped_column(sa.Text)
    remind_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("kind", MatterKind),
        one_of("outcome", MatterOutcome),
        sa.UniqueConstraint("ticket_id", "seq", name="uq_ticket_matters_seq"),
        sa.CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        sa.Index(
            "uq_ticket_matters_one_open",
            "ticket_id",
            "kind",
            "organisation_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
        sa.Index(
            "ix_ticket_matters_tracking",
            "ticket_id",
            postgresql_where=sa.text("kind = 'tracking'"),
        ),
        sa.Index(
            "ix_ticket_matters_open",
            "kind",
            "opened_at",
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
        sa.Index(
            "ix_ticket_matters_to_remind",
            "remind_at",
            postgresql_where=sa.text("settled_at IS NULL AND remind_at IS NOT NULL"),
        ),
    )
