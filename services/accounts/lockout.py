"""失败计数: tries at a secret, counted before they are judged, so that many at once gain nothing.

Each stands in a transaction of its own, whatever becomes of the request. In real time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db import separate_transaction
from app.domain.errors import TooManyRequests
from app.domain.lockout import Leniency, delay, left_over
from app.models.log_in import LoginFailure
from app.sealing import fingerprint


@dataclass(frozen=True, slots=True)
class Try:
    """One try, counted as a failure until it is taken back. `before`: how things stood."""

    key: str
    at: datetime
    failures_before: int
    failed_before: datetime


def name_key(login: str) -> str:
    """Of a log-in name, which may be a phone number or of nobody at all."""
    return f"login:{fingerprint(login).hex()}"


def code_key(account_id: int) -> str:
    """Of the codes of a second factor."""
    return f"code:{account_id}"


def address_key(ip: str | None) -> str:
    """Of all that comes from one address."""
    return f"address:{ip}"


def count(key: str, leniency: Leniency, *, at: datetime) -> Try:
    """Count a try at `at`. Raises `TooManyRequests` while the delay after the last one runs."""
    with separate_transaction() as session:
        row = _locked(session, key, at)
        left = left_over(row.failures, at - row.failed_at, leniency)
        wait = row.failed_at + delay(row.failures, leniency) - at
        if row.failures and wait > timedelta(0):
            raise TooManyRequests(ceil(wait.total_seconds()))
        counted = Try(key, at, left, row.failed_at)
        row.failures, row.failed_at = left + 1, at
    return counted


def _locked(session: Session, key: str, at: datetime) -> LoginFailure:
    fresh = insert(LoginFailure).values(key=key, failures=0, failed_at=at)
    session.execute(fresh.on_conflict_do_nothing())
    query = sa.select(LoginFailure).where(LoginFailure.key == key).with_for_update()
    return session.execute(query).scalar_one()


def forgive(key: str) -> None:
    """The secret was known: no failure counts any longer."""
    with separate_transaction() as session:
        session.execute(sa.delete(LoginFailure).where(LoginFailure.key == key))


def take_back(counted: Try) -> None:
    """The try was none, and those before it go on counting, for who knows one secret may still

    guess others. Where somebody else has failed meanwhile it stays.
    """
    with separate_transaction() as session:
        session.execute(
            sa.update(LoginFailure)
            .where(LoginFailure.key == counted.key, LoginFailure.failed_at == counted.at)
            .values(failures=counted.failures_before, failed_at=counted.failed_before)
        )
