"""后备送达: what nobody may miss goes on by short message and by telephone."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.calls import CallOutcome, CallState
from app.domain.delivery import DeliveryState
from app.domain.fallbacks import CallCause, FallbackState, TextForm
from app.domain.reach import DueMatter
from app.models.columns import Id, Instant, Recorded, one_of


class Fallback(Model):
    """后备送达 of a message that its reader must not miss; `waiting` while WeChat has its time.

    `look_at` is when to see next how it fares there, `patient_until` how long that may go on. All
    instants are business time.
    """

    __tablename__ = "fallbacks"

    notification_id: Mapped[int] = mapped_column(
        sa.ForeignKey("notifications.id"), primary_key=True
    )
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"), index=True)
    is_urgent: Mapped[bool]
    rings_always: Mapped[bool]
    look_at: Mapped[Instant]
    patient_until: Mapped[Instant]
    expires_at: Mapped[Instant]
    state: Mapped[str] = mapped_column(sa.Text, server_default="waiting")

    __table_args__ = (
        one_of("state", FallbackState),
        sa.Index("ix_fallbacks_waiting", "look_at", postgresql_where=sa.text("state = 'waiting'")),
    )


class TextMessage(Model):
    """短信 to the reader's own number, in the words of `app.domain.fallbacks`.

    The states are those of a delivery. `parts` is what the provider charged for. Without a link
    (`has_link`) it goes in other words. `send_at` and `expires_at` are business time, all other
    instants real time.
    """

    __tablename__ = "text_messages"

    id: Mapped[Id]
    notification_id: Mapped[int] = mapped_column(sa.ForeignKey("notifications.id"), unique=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"), index=True)
    form: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text, server_default="pending")
    reason: Mapped[str | None] = mapped_column(sa.Text)
    send_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    rings_always: Mapped[bool]
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    worker: Mapped[str | None] = mapped_column(sa.Text)
    leased_until: Mapped[Instant | None]
    sent_at: Mapped[Instant | None]
    provider_id: Mapped[str | None] = mapped_column(sa.Text)
    code: Mapped[str | None] = mapped_column(sa.Text)
    parts: Mapped[int | None] = mapped_column(sa.SmallInteger)
    has_link: Mapped[bool] = mapped_column(server_default=sa.false())
    created_at: Mapped[Recorded]

    __table_args__ = (
        one_of("form", TextForm),
        one_of("state", DeliveryState),
        sa.CheckConstraint(
            "(state = 'sending') = (leased_until IS NOT NULL)", name="leased_while_sending"
        ),
        sa.CheckConstraint(
            "state NOT IN ('failed', 'unknown') OR reason IS NOT NULL", name="says_why"
        ),
        sa.Index("ix_text_messages_due", "send_at", postgresql_where=sa.text("state = 'pending'")),
        sa.Index(
            "ix_text_messages_leased",
            "leased_until",
            postgresql_where=sa.text("state = 'sending'"),
        ),
    )


class TextCount(Model):
    """短信计数 by host and result, with the parts that were charged, for the metrics."""

    __tablename__ = "text_counts"

    host: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    result: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    count: Mapped[int] = mapped_column(sa.BigInteger)
    parts: Mapped[int] = mapped_column(sa.BigInteger)


class PhoneTask(Model):
    """电话任务: somebody is to be told by telephone what no message can tell.

    It is about a message that was written, or it was made ahead of `due_at`: then `kind` is
    that of the message that could not reach who is `membership_id`, about `matter`.
    `holder_id` has taken it, until `held_until` (real time); all other instants are business time.
    """

    __tablename__ = "phone_tasks"

    id: Mapped[Id]
    notification_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("notifications.id"), unique=True
    )
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    membership_id: Mapped[int | None] = mapped_column(sa.ForeignKey("memberships.id"))
    kind: Mapped[str | None] = mapped_column(sa.Text)
    matter: Mapped[str | None] = mapped_column(sa.Text)
    due_at: Mapped[Instant | None]
    cause: Mapped[str] = mapped_column(sa.Text)
    is_urgent: Mapped[bool]
    state: Mapped[str] = mapped_column(sa.Text, server_default="open")
    call_from: Mapped[Instant]
    expires_at: Mapped[Instant]
    created_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]
    holder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    held_until: Mapped[Instant | None]

    __table_args__ = (
        one_of("cause", CallCause),
        one_of("state", CallState),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
        sa.CheckConstraint("(holder_id IS NULL) = (held_until IS NULL)", name="held"),
        one_of("matter", DueMatter),
        sa.CheckConstraint(
            "num_nulls(membership_id, kind, matter, due_at) IN (0, 4)"
            " AND (notification_id IS NULL) = (matter IS NOT NULL)",
            name="told_or_forecast",
        ),
        sa.Index(
            "uq_phone_tasks_forecast",
            "ticket_id",
            "account_id",
            "matter",
            "due_at",
            unique=True,
            postgresql_where=sa.text("notification_id IS NULL"),
        ),
        sa.Index(
            "ix_phone_tasks_open",
            sa.text("is_urgent DESC"),
            "call_from",
            "id",
            postgresql_where=sa.text("state = 'open'"),
        ),
    )


class PhoneAttempt(Model):
    """一次通话 for a phone task: when, by whom, and what came of it."""

    __tablename__ = "phone_attempts"

    task_id: Mapped[int] = mapped_column(sa.ForeignKey("phone_tasks.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"), index=True)
    called_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    called_at: Mapped[Instant]
    outcome: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = (one_of("outcome", CallOutcome),)
