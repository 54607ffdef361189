"""账号 as it is stored: finding one to change it, and what stands in it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import NotFound
from app.models.account import Account
from app.models.login_session import LoginSession


def account_of(login: str) -> int:
    """The account that logs in by this name. Raises `NotFound`."""
    found = db.session.scalar(sa.select(Account.id).where(Account.login == login))
    if found is None:
        raise NotFound(f"没有账号 {login}。")
    return found


def lock_account(account_id: int) -> Account:
    """The account, until the transaction ends this transaction's alone to change.

    What it may hold is judged under this lock: two grants at once must not pass one by one.
    Raises `NotFound`.
    """
    query = sa.select(Account).where(Account.id == account_id).with_for_update()
    account = db.session.scalar(query.execution_options(populate_existing=True))
    if account is None:
        raise NotFound
    return account


def has_not_ended(membership: Any, *, at: datetime | sa.BindParameter[datetime]) -> Any:
    """The condition on a `Membership` (or an alias): in force at `at`, or still to begin."""
    return sa.or_(membership.valid_until.is_(None), membership.valid_until > at)


def is_in_force(membership: Any, *, at: datetime | sa.BindParameter[datetime]) -> Any:
    """The condition on a `Membership` (or an alias) that has begun and not ended."""
    return sa.and_(membership.valid_from <= at, has_not_ended(membership, at=at))


def end_sessions(account_id: int) -> None:
    """Nobody is logged in with the account any longer; all processes know within seconds."""
    db.session.execute(
        sa.update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=clock.real())
    )
