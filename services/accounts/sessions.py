"""登录会话: opaque tokens, idle and absolute limits, refresh and log-out. All in real time."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import ENTERPRISE_ROLES
from app.domain.errors import Unauthenticated
from app.models.account import Account
from app.models.login_session import LoginSession
from services.accounts.terms import Lifetimes, Terms

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a log-in or a refresh hands out, once."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    session_expires_at: datetime


def digest(token: str) -> bytes:
    """How a token stands in the database."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def kind_of(roles: Sequence[str]) -> str:
    """An account with enterprise roles only lives by the phone's limits, all others by staff's."""
    return "phone" if roles and set(roles) <= ENTERPRISE_ROLES else "staff"


def open_session(account_id: int, kind: str, terms: Terms, binding_id: int | None = None) -> Tokens:
    """A new session, by WeChat if there is a binding. Its tokens are shown only here.

    Of more sessions than an account may have the one that rested longest ends.
    """
    at = clock.real()
    idle, absolute = terms.lifetimes.of(kind)
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
            ip=terms.ip,
            client=terms.client,
            authenticated_at=at,
        )
    )
    db.session.flush()
    _end_surplus(account_id, terms.most_sessions, at)
    return tokens


def _end_surplus(account_id: int, most: int, at: datetime) -> None:
    live = (
        sa.select(LoginSession.id)
        .where(LoginSession.account_id == account_id, *is_live(at=at))
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
    )
    db.session.execute(
        sa.update(LoginSession).where(LoginSession.id.in_(live.offset(most))).values(revoked_at=at)
    )


def is_live(*, at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions on a session that has neither ended nor rested too long."""
    return (
        LoginSession.revoked_at.is_(None),
        LoginSession.token_expires_at > at,
        LoginSession.expires_at > at,
    )


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
