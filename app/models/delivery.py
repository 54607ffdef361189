"""投递: bringing a message of the inbox to a phone, and what has become of it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.delivery import DeliveryState
from app.domain.digests import Hold
from app.domain.phone_forms import Template
from app.models.columns import Id, Instant, Recorded, one_of


class Delivery(Model):
    """一次投递. `pending` until claimed; `unknown` when nobody can tell whether it arrived.

    While `sending`, `leased_until` says until when the worker is believed to live. `claimed_at` is
    of the last attempt, and goes when the platform refused that. `rings_always`: quiet hours do not
    hold it. It goes one way at a time: by the mini-program (`binding_id`) or by WeCom, where what
    is `doubtful_since` may have been shown; `left_wecom` says why that could not bring it.
    `send_at` and `expires_at` are business time, all other instants real time.

    `hold`: waits for an opening, or goes alone where what waited was to be merged. `merged_into` is
    the delivery of the digest, which may go before; without a foreign key, as each has its term.
    `rung_on`: the local day on which it rang for an official, in business time.
    """

    __tablename__ = "deliveries"

    id: Mapped[Id]
    notification_id: Mapped[int] = mapped_column(sa.ForeignKey("notifications.id"), unique=True)
    binding_id: Mapped[int | None] = mapped_column(sa.ForeignKey("wechat_bindings.id"))
    wecom_binding_id: Mapped[int | None] = mapped_column(sa.ForeignKey("wecom_bindings.id"))
    template: Mapped[str] = mapped_column(sa.Text)
    rank: Mapped[int] = mapped_column(sa.SmallInteger)
    state: Mapped[str] = mapped_column(sa.Text, server_default="pending")
    reason: Mapped[str | None] = mapped_column(sa.Text)
    send_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    rings_always: Mapped[bool] = mapped_column(server_default=sa.false())
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    worker: Mapped[str | None] = mapped_column(sa.Text)
    claimed_at: Mapped[Instant | None]
    leased_until: Mapped[Instant | None]
    template_id: Mapped[str | None] = mapped_column(sa.Text)
    is_reserved: Mapped[bool] = mapped_column(server_default=sa.false())
    sent_at: Mapped[Instant | None]
    provider_id: Mapped[str | None] = mapped_column(sa.Text)
    hold: Mapped[str | None] = mapped_column(sa.Text)
    merged_into: Mapped[int | None] = mapped_column(sa.BigInteger)
    rung_on: Mapped[date | None]
    errcode: Mapped[int | None]
    doubtful_since: Mapped[Instant | None]
    left_wecom: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[Recorded]

    __table_args__ = (
        one_of("template", Template),
        one_of("state", DeliveryState),
        sa.CheckConstraint("num_nonnulls(binding_id, wecom_binding_id) = 1", name="one_way"),
        one_of("hold", Hold),
        sa.CheckConstraint("state <> 'merged' OR merged_into IS NOT NULL", name="merged_into_one"),
        sa.CheckConstraint(
            "(state = 'sending') = (leased_until IS NOT NULL)", name="leased_while_sending"
        ),
        sa.CheckConstraint(
            "state NOT IN ('failed', 'unknown') OR reason IS NOT NULL", name="says_why"
        ),
        sa.Index(
            "uq_deliveries_one_at_a_time",
            "binding_id",
            unique=True,
            postgresql_where=sa.text("state = 'sending'"),
        ),
        sa.Index("ix_deliveries_due", "send_at", postgresql_where=sa.text("state = 'pending'")),
        sa.Index(
            "ix_deliveries_expiring",
            "expires_at",
            postgresql_where=sa.text("state = 'pending'"),
        ),
        sa.Index(
            "ix_deliveries_of_person",
            "binding_id",
            sa.text("rank DESC"),
            "send_at",
            "id",
            postgresql_where=sa.text("state = 'pending'"),
        ),
        sa.Index(
            "ix_deliveries_wecom_due",
            "send_at",
            postgresql_where=sa.text("state = 'pending' AND wecom_binding_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_deliveries_rung",
            "binding_id",
            "rung_on",
            postgresql_where=sa.text("rung_on IS NOT NULL"),
        ),
        sa.Index(
            "ix_deliveries_wecom_rung",
            "wecom_binding_id",
            "rung_on",
            postgresql_where=sa.text("rung_on IS NOT NULL"),
        ),
        sa.Index(
            "ix_deliveries_merged",
            "merged_into",
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        ),
        sa.Index("ix_deliveries_told", "binding_id", "template_id", "sent_at"),
        sa.Index(
            "ix_deliveries_unsettled",
            "state",
            "id",
            postgresql_where=sa.text("state IN ('failed', 'unknown')"),
        ),
    )


class WechatCircuit(Model):
    """熔断: a call that the platform refuses a mini-program is left alone until `open_until`."""

    __tablename__ = "wechat_circuits"

    appid: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    errcode: Mapped[int | None]
    reason: Mapped[str] = mapped_column(sa.Text)
    opened_at: Mapped[Instant]
    open_until: Mapped[Instant]


class WechatSendCount(Model):
    """发送计数 by host and result, for the metrics."""

    __tablename__ = "wechat_send_counts"

    host: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    result: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    count: Mapped[int] = mapped_column(sa.BigInteger)
