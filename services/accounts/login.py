"""登录 by password and second factor. The answers never tell whether an account exists."""

from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import TooManyRequests, Unauthenticated
from app.domain.lockout import of_account, of_address
from app.models.account import Account, Membership
from services.accounts import challenges, lockout, passwords, rate_limits, second_factor, sessions
from services.accounts.challenges import Challenge, ChallengeVoid
from services.accounts.principals import Principal
from services.accounts.sessions import Tokens
from services.accounts.terms import Terms
from services.audit import record_for_account, record_refused_log_in

WINDOW = timedelta(minutes=15)
PER_ADDRESS_FACTOR = 10
REFRESHES_FACTOR = 100


class WrongCredentials(Unauthenticated):
    """账号或密码不正确。"""

    code = "wrong-credentials"


def log_in(login: str, password: str, terms: Terms) -> Tokens | Challenge:
    """A session; a challenge where the account has a second factor.

    Raises `WrongCredentials`; `TooManyRequests` after too many failures of the name or of the
    address (`app.domain.lockout`), whether or not there is such an account.
    """
    _limit_address(terms)
    try:
        account_id = _account_of(login, password, terms)
    except (WrongCredentials, TooManyRequests) as refusal:
        record_refused_log_in(login, terms.ip, refusal.code)
        raise
    if terms.asks_second_factor and second_factor.is_on(account_id):
        return challenges.issue(account_id, terms.ip)
    return _enter(account_id, terms, {})


def _account_of(login: str, password: str, terms: Terms) -> int:
    """The same work for each name, and tries are counted before they are judged."""
    at = clock.real()
    from_here = lockout.count(lockout.address_key(terms.ip), of_address(terms.failures), at=at)
    key = lockout.name_key(login)
    lockout.count(key, of_account(terms.failures), at=at)
    account = db.session.scalar(sa.select(Account).where(Account.login == login))
    is_right = passwords.is_right(password, account.password_hash if account else None)
    if account is None or not is_right or not account.is_enabled:
        raise WrongCredentials
    lockout.forgive(key)
    lockout.take_back(from_here)
    return account.id


def log_in_by_code(token: str, code: str, terms: Terms) -> Tokens:
    """The second step: a session for who answers the challenge with a code, or a recovery code.

    Raises `ChallengeVoid`, `WrongCode`; `TooManyRequests` after too many wrong codes of the account
    or from the address.
    """
    at = clock.real()
    _limit_address(terms)
    from_here = lockout.count(lockout.address_key(terms.ip), of_address(terms.failures), at=at)
    account_id = challenges.account_of(token, terms.ip, at=at)
    way = second_factor.prove(account_id, code, terms.failures, at=at)
    if not challenges.redeem(token):
        raise ChallengeVoid
    lockout.take_back(from_here)
    return _enter(account_id, terms, {"second_factor": way})


def refresh(refresh_token: str, terms: Terms) -> tuple[Tokens, bytes]:
    """`sessions.refresh`; who tries tokens that are none is told to wait, by address."""
    try:
        return sessions.refresh(refresh_token, terms.lifetimes)
    except Unauthenticated:
        most = terms.attempts * REFRESHES_FACTOR
        rate_limits.count(f"refresh:{terms.ip}", most, WINDOW, at=clock.real())
        raise


def log_out(principal: Principal, ip: str | None) -> None:
    """End the session in which the principal asks. Its token is refused within seconds."""
    sessions.close(principal.session_id)
    subject = f"account:{principal.account_id}"
    record_for_account(principal.account_id, "log_out", subject, ip)


def _enter(account_id: int, terms: Terms, facts: dict[str, str]) -> Tokens:
    roles = db.session.scalars(
        sa.select(Membership.role).where(Membership.account_id == account_id)
    ).all()
    tokens = sessions.open_session(account_id, sessions.kind_of(roles), terms)
    record_for_account(account_id, "log_in", f"account:{account_id}", terms.ip, facts)
    return tokens


def _limit_address(terms: Terms) -> None:
    """Failed or not: each log-in costs a machine a good deal of work."""
    most = terms.attempts * PER_ADDRESS_FACTOR
    rate_limits.count(f"address:{terms.ip}", most, WINDOW, at=clock.real())
