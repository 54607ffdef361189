"""登录会话: opaque tokens, idle and absolute limits, refresh and log-out. All in real time."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, separate_transaction
from app.domain.actor import ENTERPRISE_ROLES, Actor, Role
from app.domain.errors import Forbidden, Unauthenticated
from app.models.account import Account, Membership
from app.models.login_session import LoginSession
from services.accounts.wechat_refusals import WHOM_TO_ASK

TOKEN_BYTES = 32
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long sessions of staff and of phones live: idle, and at most."""

    staff_idle: timedelta
    staff_absolute: timedelta
    phone_idle: timedelta
    phone_absolute: timedelta

    def of(self, kind: str) -> tuple[timedelta, timedelta]:
        if kind == "staff":
            return self.staff_idle, self.staff_absolute
        return self.phone_idle, self.phone_absolute


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a log-in or a refresh hands out, once."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    session_expires_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """One membership in force."""

    id: int
    role: Role
    organisation_id: int | None
    enterprise_id: int | None
    housekeeper_id: int | None
    area_code: str | None
    area_prefix: str | None
    is_default: bool


class NoMembership(Forbidden):
    """该账号没有有效的身份。"""

    def __init__(self) -> None:
        super().__init__(f"{type(self).__doc__}{WHOM_TO_ASK}")


@dataclass(frozen=True, slots=True)
class Principal:
    """An account that holds a live session, with its memberships in force."""

    account_id: int
    name: str
    login: str
    session_id: int
    memberships: tuple[Standing, ...]

    def actor(self, membership: str | None, ip: str | None) -> Actor:
        """The account in the membership asked for, else the default one or the first.

        Raises `Forbidden` when the membership is not the account's, `NoMembership` without any.
        """
        chosen = self.chosen(membership)
        if chosen is None:
            raise NoMembership
        return Actor(
            role=chosen.role,
            name=self.name,
            account_id=self.account_id,
            membership_id=chosen.id,
            organisation_id=chosen.organisation_id,
            enterprise_id=chosen.enterprise_id,
            housekeeper_id=chosen.housekeeper_id,
            area_prefix=chosen.area_prefix,
            ip=ip,
        )

    def chosen(self, membership: str | None) -> Standing | None:
        """The membership in which `actor` would act; None, whatever is asked for, without any.

        Raises `Forbidden` when the membership is not the account's.
        """
        if not self.memberships:
            return None
        if membership is not None:
            for standing in self.memberships:
                if str(standing.id) == membership:
                    return standing
            raise Forbidden("X-Membership 不是您的身份。")
        return next((one for one in self.memberships if one.is_default), self.memberships[0])


def digest(token: str) -> bytes:
    """How a token stands in the database."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def kind_of(roles: Sequence[str]) -> str:
    """An account with enterprise roles only lives by the phone's limits, all others by staff's."""
    return "phone" if roles and set(roles) <= ENTERPRISE_ROLES else "staff"


def open_session(
    account_id: int,
    kind: str,
    lifetimes: Lifetimes,
    ip: str | None,
    binding_id: int | None = None,
) -> Tokens:
    """A new session, by WeChat if there is a binding. Its tokens are shown only here."""
    at = clock.real()
    idle, absolute = lifetimes.of(kind)
    tokens = _tokens(at, idle, at + absolute)
    db.session.add(
        LoginSession(
            account_id=account_id,
            binding_id=binding_id,
            kind=kind,
            token_hash=digest(tokens.access_token),
            refresh_hash=digest(tokens.refresh_token),
            created_at=at,
            last_seen_at=at,
            token_expires_at=tokens.expires_at,
            expires_at=tokens.session_expires_at,
            ip=ip,
        )
    )
    db.session.flush()
    return tokens


def refresh(refresh_token: str, lifetimes: Lifetimes) -> tuple[Tokens, bytes]:
    """New tokens for the same session within its absolute limit, and the digest that is void now.

    Raises `Unauthenticated` for a token that is unknown, used, or of an account that is disabled.
    """
    at = clock.real()
    session = db.session.execute(
        sa.select(LoginSession)
        .join(Account, Account.id == LoginSession.account_id)
        .where(LoginSession.refresh_hash == digest(refresh_token), Account.is_enabled)
        .with_for_update(of=LoginSession)
    ).scalar_one_or_none()
    if session is None or session.revoked_at or session.expires_at <= at:
        raise Unauthenticated
    idle, _ = lifetimes.of(session.kind)
    if max(session.last_seen_at, session.created_at) + idle <= at:
        raise Unauthenticated
    tokens, voided = _tokens(at, idle, session.expires_at), session.token_hash
    session.token_hash = digest(tokens.access_token)
    session.refresh_hash = digest(tokens.refresh_token)
    session.token_expires_at, session.last_seen_at = tokens.expires_at, at
    db.session.flush()
    return tokens, voided


def _tokens(at: datetime, idle: timedelta, until: datetime) -> Tokens:
    return Tokens(
        access_token=secrets.token_urlsafe(TOKEN_BYTES),
        refresh_token=secrets.token_urlsafe(TOKEN_BYTES),
        expires_at=min(at + idle, until),
        session_expires_at=until,
    )


def close(session_id: int) -> None:
    """Log out. Other processes refuse the token as soon as their memory of it ends (seconds)."""
    db.session.execute(
        sa.update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=clock.real())
    )


def close_all_of(binding_id: int) -> None:
    """End every session that WeChat opened by this binding."""
    db.session.execute(
        sa.update(LoginSession)
        .where(LoginSession.binding_id == binding_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=clock.real())
    )


def principal_of(token_digest: bytes) -> Principal:
    """The account behind a token. Raises `Unauthenticated` for unknown, ended or idle sessions."""
    at = clock.real()
    rows = db.session.execute(
        _LIVE_SESSION, {"digest": token_digest, "real": at, "business": clock.now()}
    ).all()
    if not rows:
        raise Unauthenticated
    first = rows[0]
    if at - first.last_seen_at >= SEEN_EVERY:
        _touch(first.session_id, at, at + (first.token_expires_at - first.last_seen_at))
    standings = tuple(_standing(row) for row in rows if row.membership_id is not None)
    return Principal(first.account_id, first.name, first.login, first.session_id, standings)


_LIVE_SESSION = (
    sa.select(
        LoginSession.id.label("session_id"),
        LoginSession.last_seen_at,
        LoginSession.token_expires_at,
        Account.id.label("account_id"),
        Account.name,
        Account.login,
        Membership.id.label("membership_id"),
        Membership.role,
        Membership.organisation_id,
        Membership.enterprise_id,
        Membership.housekeeper_id,
        Membership.area_code,
        Membership.area_prefix,
        Membership.is_default,
    )
    .join(Account, Account.id == LoginSession.account_id)
    .outerjoin(
        Membership,
        sa.and_(
            Membership.account_id == Account.id,
            Membership.valid_from <= sa.bindparam("business"),
            sa.or_(
                Membership.valid_until.is_(None),
                Membership.valid_until > sa.bindparam("business"),
            ),
        ),
    )
    .where(
        LoginSession.token_hash == sa.bindparam("digest"),
        LoginSession.revoked_at.is_(None),
        LoginSession.token_expires_at > sa.bindparam("real"),
        LoginSession.expires_at > sa.bindparam("real"),
        Account.is_enabled,
    )
    .order_by(Membership.is_default.desc(), Membership.id)
)


def _standing(row: Any) -> Standing:
    return Standing(
        id=row.membership_id,
        role=Role(row.role),
        organisation_id=row.organisation_id,
        enterprise_id=row.enterprise_id,
        housekeeper_id=row.housekeeper_id,
        area_code=row.area_code,
        area_prefix=row.area_prefix,
        is_default=row.is_default,
    )


def _touch(session_id: int, at: datetime, expires_at: datetime) -> None:
    """Idle time starts again; outside the request's transaction, at most once a minute."""
    with separate_transaction() as session:
        session.execute(
            sa.update(LoginSession)
            .where(LoginSession.id == session_id)
            .values(
                last_seen_at=at,
                token_expires_at=sa.func.least(expires_at, LoginSession.expires_at),
            )
        )
