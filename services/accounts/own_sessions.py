"""本人的会话: which there are, and ending them. In real time."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import NotFound
from app.models.login_session import LoginSession
from services.accounts.principals import Principal
from services.accounts.sessions import is_live


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One live session as its owner sees it."""

    id: int
    kind: str
    is_by_wechat: bool
    client: str | None
    ip: str | None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def list_sessions(account_id: int, *, at: datetime) -> list[OwnSession]:
    """All that live, the latest seen first; there are no more than an account may have."""
    query = (
        sa.select(LoginSession)
        .where(LoginSession.account_id == account_id, *is_live(at=at))
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
    )
    return [
        OwnSession(
            id=row.id,
            kind=row.kind,
            is_by_wechat=row.binding_id is not None,
            client=row.client,
            ip=row.ip,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
        )
        for row in db.session.scalars(query)
    ]


def end_one(principal: Principal, session_id: int) -> list[bytes]:
    """End one's own session `session_id`; answers the digest of its token. Raises `NotFound`."""
    ended = _end(
        LoginSession.account_id == principal.account_id,
        LoginSession.id == session_id,
        *is_live(at=clock.real()),
    )
    if not ended:
        raise NotFound
    return ended


def end_others(principal: Principal) -> list[bytes]:
    """End all sessions of the account but the one that asks; answers their tokens' digests."""
    return _end(
        LoginSession.account_id == principal.account_id, LoginSession.id != principal.session_id
    )


def end_all(account_id: int) -> list[bytes]:
    """End every session of the account; answers their tokens' digests."""
    return _end(LoginSession.account_id == account_id)


def _end(*conditions: sa.ColumnElement[bool]) -> list[bytes]:
    ended = (
        sa.update(LoginSession)
        .where(LoginSession.revoked_at.is_(None), *conditions)
        .values(revoked_at=clock.real())
        .returning(LoginSession.token_hash)
    )
    return list(db.session.scalars(ended))
