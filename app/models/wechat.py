"""微信: the mini-programs, who is behind an openid, visitors, and the platform's credentials."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.programs import ProgramAudience
from app.models.columns import Hash, Id, Instant, Sealed, one_of


class WechatProgram(Model):
    """小程序 as it is configured, for the database to decide through which people are told.

    Without a row a mini-program comes after all that have one.
    """

    __tablename__ = "wechat_programs"

    appid: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    audience: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = (one_of("audience", ProgramAudience),)


class WechatBinding(Model):
    """微信绑定: one WeChat user is one account, for as long as the binding stands.

    Each mini-program knows the user by an openid of its own; `unionid_hash` is the same in all of
    them, where the platform gives one. `busy_until` keeps a second sender away: the platform
    refuses two sends to one user at a time.
    """

    __tablename__ = "wechat_bindings"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    appid: Mapped[str] = mapped_column(sa.Text)
    openid: Mapped[Sealed]
    openid_hash: Mapped[Hash]
    phone_hash: Mapped[Hash]
    unionid_hash: Mapped[Hash | None]
    bound_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    busy_until: Mapped[Instant | None]

    __table_args__ = (
        sa.Index("ix_wechat_bindings_openid", "appid", "openid_hash"),
        sa.Index(
            "ix_wechat_bindings_unionid",
            "unionid_hash",
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(
            "uq_wechat_bindings_openid",
            "appid",
            "openid_hash",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(
            "uq_wechat_bindings_account",
            "account_id",
            "appid",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


class WechatVisitor(Model):
    """访客: a WeChat user who has logged in and is not bound to an account yet."""

    __tablename__ = "wechat_visitors"

    id: Mapped[Id]
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    appid: Mapped[str] = mapped_column(sa.Text)
    openid: Mapped[Sealed]
    openid_hash: Mapped[Hash]
    unionid_hash: Mapped[Hash | None]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)


class WechatSecret(Model):
    """应用密钥 (AppSecret) of a mini-program, in the place of the configured one."""

    __tablename__ = "wechat_secrets"

    appid: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    secret: Mapped[Sealed]
    set_at: Mapped[Instant]


class WechatToken(Model):
    """接口调用凭据 of a mini-program, shared by all processes. It opens everything: sealed."""

    __tablename__ = "wechat_tokens"

    appid: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    token: Mapped[Sealed]
    fetched_at: Mapped[Instant]
    expires_at: Mapped[Instant]
