"""消息: the outbox. The in-app inbox is its first channel and the source of truth."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant, one_of

CHANNELS = ("inbox",)


def _once_about(subject: str, column: str) -> sa.Index:
    return sa.Index(
        f"uq_notifications_{subject}",
        column,
        "kind",
        "account_id",
        "channel",
        unique=True,
        postgresql_where=sa.text(f"{column} IS NOT NULL"),
    )


class Notification(Model):
    """一条消息 to one person through one channel; an event tells a person only once.

    It is about a ticket's event, or a pairing, or a handover, or an `alarm` of the product.

    `membership_id` is the membership by which the person was told; `template` and `fields` are the
    short form that a phone shows, label by label.
    """

    __tablename__ = "notifications"

    id: Mapped[Id]
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"))
    event_seq: Mapped[int | None]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    channel: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(sa.Text)
    membership_id: Mapped[int | None] = mapped_column(sa.ForeignKey("memberships.id"))
    template: Mapped[str | None] = mapped_column(sa.Text)
    fields: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[Instant]
    read_at: Mapped[Instant | None]
    pairing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pairings.id"))
    handover_id: Mapped[int | None] = mapped_column(sa.ForeignKey("handovers.id"))
    alarm: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (
        one_of("channel", CHANNELS),
        sa.UniqueConstraint(
            "ticket_id", "event_seq", "account_id", "channel", name="uq_notifications_once"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id", "event_seq"],
            ["ticket_events.ticket_id", "ticket_events.seq"],
            name="fk_notifications_event",
        ),
        sa.CheckConstraint(
            "num_nonnulls(ticket_id, pairing_id, handover_id, alarm) = 1", name="about_one"
        ),
        sa.Index("ix_notifications_inbox", "account_id", "id"),
        *(
            _once_about(*each)
            for each in (
                ("pairings", "pairing_id"),
                ("handovers", "handover_id"),
                ("alarms", "alarm"),
            )
        ),
    )
