"""企业微信: which member an account is there, and how often each was written to."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Hash, Id, Instant, Sealed


class WecomBinding(Model):
    """企业微信绑定: one member of a corporation is one account, while the binding stands."""

    __tablename__ = "wecom_bindings"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    corp_id: Mapped[str] = mapped_column(sa.Text)
    userid: Mapped[Sealed]
    userid_hash: Mapped[Hash]
    bound_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        sa.Index("ix_wecom_bindings_account_id", "account_id"),
        sa.Index(
            "uq_wecom_bindings_userid",
            "corp_id",
            "userid_hash",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(
            "uq_wecom_bindings_account",
            "account_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


class WecomSend(Model):
    """发送台账: an attempt to write to a member, for the platform's limits; real time."""

    __tablename__ = "wecom_sends"

    id: Mapped[Id]
    binding_id: Mapped[int] = mapped_column(sa.ForeignKey("wecom_bindings.id"))
    at: Mapped[Instant] = mapped_column(index=True)

    __table_args__ = (sa.Index("ix_wecom_sends_member", "binding_id", sa.text("at DESC")),)


class WecomSendCount(Model):
    """企业微信发送计数 by host and result, for the metrics."""

    __tablename__ = "wecom_send_counts"

    host: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    result: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    count: Mapped[int] = mapped_column(sa.BigInteger)
