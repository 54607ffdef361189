"""跟踪回访: visits that are planned after the tickets."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.follow_ups import FollowUpKind, FollowUpOutcome, FollowUpState
from app.models.columns import Id, Instant, one_of


class FollowUpVisit(Model):
    """一次跟踪回访, owed by the housekeeper of the enterprise. Without a ticket: the yearly one.

    `done_at` is also when it was skipped; by nobody where a wish of the enterprise did it.
    """

    __tablename__ = "follow_up_visits"

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"))
    kind: Mapped[str] = mapped_column(sa.Text)
    planned_for: Mapped[date]
    housekeeper_id: Mapped[int] = mapped_column(sa.ForeignKey("housekeepers.id"), index=True)
    state: Mapped[str] = mapped_column(sa.Text, server_default=FollowUpState.PLANNED)
    outcome: Mapped[str | None] = mapped_column(sa.Text)
    note: Mapped[str | None] = mapped_column(sa.Text)
    raised_ticket_number: Mapped[str | None] = mapped_column(sa.Text)
    done_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    done_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("kind", FollowUpKind),
        one_of("state", FollowUpState),
        one_of("outcome", FollowUpOutcome),
        sa.CheckConstraint("(kind = 'yearly') = (ticket_id IS NULL)", name="about_a_ticket"),
        sa.CheckConstraint("(state = 'planned') = (done_at IS NULL)", name="settled"),
        sa.CheckConstraint("(state = 'done') = (outcome IS NOT NULL)", name="outcome_of_done"),
        sa.CheckConstraint(
            "raised_ticket_number IS NULL OR outcome = 'problem'", name="raised_of_problem"
        ),
        sa.Index(
            "uq_follow_up_visits_ticket",
            "ticket_id",
            "kind",
            unique=True,
            postgresql_where=sa.text("ticket_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_follow_up_visits_yearly",
            "enterprise_id",
            "planned_for",
            unique=True,
            postgresql_where=sa.text("ticket_id IS NULL"),
        ),
        sa.Index(
            "ix_follow_up_visits_planned",
            "planned_for",
            "id",
            postgresql_where=sa.text("state = 'planned'"),
        ),
    )
