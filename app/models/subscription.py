"""订阅消息: the account's templates, and the ledger of what people have consented to."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.consents import ConsentAnswer
from app.domain.phone_forms import Template
from app.models.columns import Id, Instant, Json, one_of

TEMPLATE_STATES = ("usable", "missing", "mismatched", "stopped")
REASONS = ("accepted", "reserved", "returned", "refused")
TELLERS = ("client", "platform", "both")


class WechatTemplate(Model):
    """消息模板 as a mini-program's account holds it. `field_keys`: label → key ("thing1")."""

    __tablename__ = "wechat_templates"

    appid: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    template: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    template_id: Mapped[str | None] = mapped_column(sa.Text)
    is_long_term: Mapped[bool] = mapped_column(server_default=sa.false())
    field_keys: Mapped[Json] = mapped_column(server_default=sa.text("'{}'::jsonb"))
    state: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str | None] = mapped_column(sa.Text)
    synced_at: Mapped[Instant]

    __table_args__ = (
        sa.UniqueConstraint("appid", "template_id"),
        one_of("template", Template),
        one_of("state", TEMPLATE_STATES),
        sa.CheckConstraint("state <> 'usable' OR template_id IS NOT NULL", name="usable_has_id"),
    )


class WechatQuota(Model):
    """订阅额度 of a person for a template: how many one-time messages may still be sent.

    The platform tells nobody; this is our account of it. `is_standing`: a long-term consent.
    `is_refused`: the platform has said that the person takes none, and the person nothing else.
    """

    __tablename__ = "wechat_quotas"

    binding_id: Mapped[int] = mapped_column(sa.ForeignKey("wechat_bindings.id"), primary_key=True)
    template_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    remaining: Mapped[int] = mapped_column(server_default="0")
    is_standing: Mapped[bool] = mapped_column(server_default=sa.false())
    is_refused: Mapped[bool] = mapped_column(server_default=sa.false())
    answer: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[datetime | None] = mapped_column(sa.TIMESTAMP(timezone=True))

    __table_args__ = (
        one_of("answer", ConsentAnswer),
        sa.CheckConstraint("remaining >= 0", name="not_overdrawn"),
    )


class WechatQuotaEntry(Model):
    """额度流水: every change of a quota, never taken back; their sum is what remains.

    Of a consent the client tells and the platform: whoever comes second (`told_by`) adds nothing.
    `asked_id` is the client's name for the popup in which the consent was given. A refusal without
    a delivery is one in WeChat's settings. Deliveries go after some years and these stay, so there
    is no foreign key.
    """

    __tablename__ = "wechat_quota_entries"

    id: Mapped[Id]
    binding_id: Mapped[int] = mapped_column(sa.ForeignKey("wechat_bindings.id"))
    template_id: Mapped[str] = mapped_column(sa.Text)
    change: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.Text)
    delivery_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    asked_id: Mapped[str | None] = mapped_column(sa.Text)
    told_by: Mapped[str | None] = mapped_column(sa.Text)
    at: Mapped[Instant]

    __table_args__ = (
        one_of("reason", REASONS),
        one_of("told_by", TELLERS),
        sa.CheckConstraint("(reason = 'accepted') = (told_by IS NOT NULL)", name="told"),
        sa.CheckConstraint(
            "reason = 'refused' OR (reason = 'accepted') = (delivery_id IS NULL)",
            name="spent_by_deliveries",
        ),
        sa.CheckConstraint(
            "change <> 0 AND (change > 0) = (reason IN ('accepted', 'returned'))",
            name="change_by_reason",
        ),
        sa.Index(
            "uq_wechat_quota_entries_asked",
            "binding_id",
            "template_id",
            "asked_id",
            unique=True,
            postgresql_where=sa.text("asked_id IS NOT NULL"),
        ),
        sa.Index("ix_wechat_quota_entries_of", "binding_id", "template_id"),
        sa.Index(
            "ix_wechat_quota_entries_told_once",
            "binding_id",
            "template_id",
            "at",
            postgresql_where=sa.text("told_by IN ('client', 'platform')"),
        ),
        sa.Index(
            "ix_wechat_quota_entries_of_delivery",
            "delivery_id",
            postgresql_where=sa.text("delivery_id IS NOT NULL"),
        ),
    )
