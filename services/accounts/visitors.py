"""访客: a WeChat user on the way to an account. In real time, like sessions."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import Unauthenticated
from app.models.account import Account
from app.models.login_session import LoginSession
from app.models.wechat import WechatBinding, WechatVisitor
from app.sealing import fingerprint, seal, unseal
from services.accounts.sessions import TOKEN_BYTES, digest
from services.accounts.wechat_refusals import VisitorExpired

LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who may bind: a WeChat user of the mini-program `appid`.

    `unionid_hash` is the same in every mini-program of the operator, where the platform gives one.
    """

    appid: str
    openid: str = field(repr=False)
    unionid_hash: bytes | None = field(default=None, repr=False)

    @property
    def openid_hash(self) -> bytes:
        return fingerprint(self.openid)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a visitor gets, once: a token that opens nothing but the binding."""

    access_token: str
    expires_at: datetime


def admit(visitor: Visitor) -> Pass:
    """A pass of 30 minutes. Its token is stored hashed."""
    at = clock.real()
    token, expires_at = secrets.token_urlsafe(TOKEN_BYTES), at + LIFETIME
    db.session.add(
        WechatVisitor(
            token_hash=digest(token),
            appid=visitor.appid,
            openid=seal(visitor.openid, "wechat_visitors.openid"),
            openid_hash=visitor.openid_hash,
            unionid_hash=visitor.unionid_hash,
            created_at=at,
            expires_at=expires_at,
        )
    )
    db.session.flush()
    return Pass(token, expires_at)


def dismiss(visitor: Visitor) -> None:
    """Every pass of this WeChat user is void."""
    db.session.execute(
        sa.delete(WechatVisitor).where(
            WechatVisitor.appid == visitor.appid,
            WechatVisitor.openid_hash == visitor.openid_hash,
        )
    )


def visitor_of(token_digest: bytes) -> Visitor:
    """The WeChat user behind a pass, or behind a session that WeChat opened.

    Raises `Unauthenticated`; `VisitorExpired` for a pass that has not been swept away yet.
    """
    at = clock.real()
    row = db.session.execute(
        sa.select(WechatVisitor).where(WechatVisitor.token_hash == token_digest)
    ).scalar_one_or_none()
    if row is None:
        return _in_session(token_digest, at)
    if row.expires_at <= at:
        raise VisitorExpired
    return Visitor(row.appid, unseal(row.openid, "wechat_visitors.openid"), row.unionid_hash)


def _in_session(token_digest: bytes, at: datetime) -> Visitor:
    row = db.session.execute(
        sa.select(WechatBinding.appid, WechatBinding.openid, WechatBinding.unionid_hash)
        .join(LoginSession, LoginSession.binding_id == WechatBinding.id)
        .join(Account, Account.id == LoginSession.account_id)
        .where(
            LoginSession.token_hash == token_digest,
            LoginSession.revoked_at.is_(None),
            LoginSession.token_expires_at > at,
            LoginSession.expires_at > at,
            WechatBinding.ended_at.is_(None),
            Account.is_enabled,
        )
    ).one_or_none()
    if row is None:
        raise Unauthenticated
    return Visitor(row.appid, unseal(row.openid, "wechat_bindings.openid"), row.unionid_hash)
