"""诉求草稿: what somebody wrote to the service in WeChat, before it is a ticket or nothing."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Hash, Id, Instant, one_of

DRAFT_STATES = ("open", "submitted", "closed")


class TicketDraft(Model):
    """诉求草稿 of `account_id`; without one, what a sender whom nobody knows wrote.

    The first waits for the person to submit or discard it, the second for the operators. `closed`
    is what was discarded, or settled by an operator with a `note`. `messages` were joined to it,
    from `first_at` to `last_at`.
    """

    __tablename__ = "ticket_drafts"

    id: Mapped[Id]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    appid: Mapped[str] = mapped_column(sa.Text)
    openid_hash: Mapped[Hash]
    body: Mapped[str] = mapped_column(sa.Text)
    messages: Mapped[int] = mapped_column(sa.SmallInteger)
    first_at: Mapped[Instant]
    last_at: Mapped[Instant]
    state: Mapped[str] = mapped_column(sa.Text, server_default="open")
    ticket_number: Mapped[str | None] = mapped_column(sa.Text)
    note: Mapped[str | None] = mapped_column(sa.Text)
    settled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    settled_at: Mapped[datetime | None] = mapped_column(sa.TIMESTAMP(timezone=True))

    __table_args__ = (
        one_of("state", DRAFT_STATES),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        sa.CheckConstraint("(settled_by IS NULL) = (settled_at IS NULL)", name="settled_by_whom"),
        sa.CheckConstraint(
            "(state = 'submitted') = (ticket_number IS NOT NULL AND account_id IS NOT NULL)",
            name="submitted",
        ),
        sa.Index(
            "ix_ticket_drafts_open",
            "appid",
            "openid_hash",
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index("ix_ticket_drafts_account", "account_id", "id"),
    )
