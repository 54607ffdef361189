"""登录质询: between the right password and the second factor. Short-lived, of one address, once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import Unauthenticated
from app.models.account import Account
from app.models.log_in import LoginChallenge
from services.accounts.sessions import TOKEN_BYTES, digest

LIFETIME = timedelta(minutes=5)


class ChallengeVoid(Unauthenticated):
    """登录已超时，或换了网络，请重新输入账号和密码。"""

    code = "challenge-void"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the right password gives where a second factor is asked for."""

    token: str
    expires_at: datetime


def issue(account_id: int, ip: str | None) -> Challenge:
    """A challenge of five minutes. Its token is stored hashed."""
    challenge = Challenge(secrets.token_urlsafe(TOKEN_BYTES), clock.real() + LIFETIME)
    db.session.add(
        LoginChallenge(
            token_hash=digest(challenge.token),
            account_id=account_id,
            ip=ip,
            expires_at=challenge.expires_at,
        )
    )
    db.session.flush()
    return challenge


def account_of(token: str, ip: str | None, *, at: datetime) -> int:
    """Whose challenge it is. Raises `ChallengeVoid` for one that is none, over, or of elsewhere."""
    found = db.session.scalar(
        sa.select(LoginChallenge.account_id)
        .join(Account, Account.id == LoginChallenge.account_id)
        .where(
            LoginChallenge.token_hash == digest(token),
            LoginChallenge.ip.is_not_distinct_from(ip),
            LoginChallenge.expires_at > at,
            Account.is_enabled,
        )
    )
    if found is None:
        raise ChallengeVoid
    return found


def redeem(token: str) -> bool:
    """Use the challenge up; of two at once one hears that it was there."""
    used = sa.delete(LoginChallenge).where(LoginChallenge.token_hash == digest(token))
    return db.session.scalar(used.returning(LoginChallenge.account_id)) is not None
