"""登录 by password. The answer never tells whether an account exists."""

from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import Unauthenticated
from app.models.account import Account, Membership
from services.accounts import passwords, rate_limits, sessions
from services.accounts.sessions import Lifetimes, Tokens
from services.audit import record_for_account

WINDOW = timedelta(minutes=15)
ATTEMPTS_PER_ADDRESS_FACTOR = 10


class WrongCredentials(Unauthenticated):
    """账号或密码不正确。"""

    code = "wrong-credentials"


def log_in(
    login: str, password: str, ip: str | None, lifetimes: Lifetimes, attempts: int
) -> Tokens:
    """Open a session. Raises `WrongCredentials`; `TooManyRequests` past `attempts` in 15 minutes.

    Attempts are counted per login name (a success forgives them) and, ten times as many, per
    address.
    """
    at = clock.real()
    key = f"login:{login}"
    rate_limits.count(f"address:{ip}", attempts * ATTEMPTS_PER_ADDRESS_FACTOR, WINDOW, at=at)
    rate_limits.count(key, attempts, WINDOW, at=at)
    account = db.session.execute(
        sa.select(Account).where(Account.login == login)
    ).scalar_one_or_none()
    if not passwords.is_right(password, account.password_hash if account else None):
        raise WrongCredentials
    if account is None or not account.is_enabled:
        raise WrongCredentials
    rate_limits.forgive(key)
    roles = db.session.scalars(
        sa.select(Membership.role).where(Membership.account_id == account.id)
    ).all()
    tokens = sessions.open_session(account.id, sessions.kind_of(roles), lifetimes, ip)
    record_for_account(account.id, "log_in", f"account:{account.id}", ip)
    return tokens
