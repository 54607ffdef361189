"""诉求事件: the append-only, hash-chained history of a ticket."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.contacts import CONTACT_ACTIONS, CONTACT_ROLES
from app.models.columns import Hash, Instant, Json, Recorded, is_one_of

IS_CONTACT = sa.text(
    f"{is_one_of('action', CONTACT_ACTIONS)} AND {is_one_of('role', CONTACT_ROLES)}"
)
"""Which events are contact with the enterprise, word for word as their index has it."""


class TicketEvent(Model):
    """诉求事件. `hash` covers the event and the hash before it; `facts` rebuilds every clock.

    A warning about a clock stands once for each rung and due time, whoever issues it.
    """

    __tablename__ = "ticket_events"

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    action: Mapped[str] = mapped_column(sa.Text)
    from_status: Mapped[str | None] = mapped_column(sa.Text)
    to_status: Mapped[str] = mapped_column(sa.Text)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    actor_name: Mapped[str] = mapped_column(sa.Text)
    role: Mapped[str] = mapped_column(sa.Text)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    ip: Mapped[str | None] = mapped_column(sa.Text)
    at: Mapped[Instant]
    recorded_at: Mapped[Recorded]
    is_public: Mapped[bool]
    facts: Mapped[Json]
    hash: Mapped[Hash]

    __table_args__ = (
        sa.CheckConstraint("seq >= 1", name="seq"),
        sa.Index("ix_ticket_events_at", "at", "action"),
        sa.Index("ix_ticket_events_recorded_at", "recorded_at"),
        sa.Index(
            "uq_ticket_events_rung",
            "ticket_id",
            "round",
            sa.text("(facts ->> 'clock')"),
            sa.text("(facts ->> 'organisation_id')"),
            sa.text("(facts ->> 'rung')"),
            sa.text("(facts ->> 'due_at')"),
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=sa.text("action IN ('issue_card', 'remind')"),
        ),
        sa.Index("ix_ticket_events_contact", "ticket_id", "at", postgresql_where=IS_CONTACT),
    )
