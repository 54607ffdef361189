"""子工单: the part of a ticket given to one unit in one round."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.vocabulary import AssignmentState, UnitRole
from app.models.columns import Id, Instant, one_of


class Assignment(Model):
    """子工单. One lead at most in a round; each unit once in a round."""

    __tablename__ = "assignments"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    role: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    instruction: Mapped[str | None] = mapped_column(sa.Text)
    dispatched_at: Mapped[Instant]
    signed_at: Mapped[Instant | None]
    signed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    opinion: Mapped[str | None] = mapped_column(sa.Text)
    done_at: Mapped[Instant | None]
    cancelled_at: Mapped[Instant | None]
    returned_at: Mapped[Instant | None]
    return_until: Mapped[Instant | None]
    silence_is_consent: Mapped[bool] = mapped_column(server_default=sa.false())
    countersigned_at: Mapped[Instant | None]
    countersigned_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))

    __table_args__ = (
        one_of("role", UnitRole),
        one_of("state", AssignmentState),
        sa.UniqueConstraint(
            "ticket_id", "round", "organisation_id", name="uq_assignments_unit_in_round"
        ),
        sa.Index(
            "uq_assignments_one_lead",
            "ticket_id",
            "round",
            unique=True,
            postgresql_where=sa.text("role = 'lead' AND state NOT IN ('cancelled', 'returned')"),
        ),
        sa.CheckConstraint(
            "state IN ('dispatched', 'cancelled', 'returned') OR signed_at IS NOT NULL"
            " OR silence_is_consent",
            name="signed",
        ),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled"),
        sa.CheckConstraint("(state = 'returned') = (returned_at IS NOT NULL)", name="returned"),
        sa.Index("ix_assignments_unit", "organisation_id", "state"),
    )
