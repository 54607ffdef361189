"""第二因素的设置: by the person, and by the security administrator for somebody else; audited."""

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict
from app.models.login_session import LoginSession
from services import audit
from services.accounts import own_sessions, second_factor
from services.accounts.opening import not_own
from services.accounts.principals import Principal
from services.accounts.second_factor import Enrolment, State
from services.accounts.stored import lock_account
from services.accounts.terms import Terms


class NotOn(Conflict):
    """没有启用第二因素。"""

    code = "second-factor-off"


def state_of(principal: Principal) -> State:
    """Since when, and how many recovery codes are left."""
    return second_factor.state_of(principal.account_id)


def begin(principal: Principal) -> Enrolment:
    """A new secret, told once. Raises `AlreadyOn`."""
    return second_factor.begin(principal.account_id, principal.login, at=clock.real())


def confirm(principal: Principal, code: str, terms: Terms) -> list[str]:
    """Turn it on; answers the recovery codes, once. Raises as `second_factor.confirm`."""
    at = clock.real()
    codes = second_factor.confirm(principal.account_id, code, terms.failures, at=at)
    db.session.execute(
        sa.update(LoginSession)
        .where(LoginSession.id == principal.session_id)
        .values(authenticated_at=at)
    )
    _record(principal, "turn_on_second_factor", terms)
    return codes


def renew_codes(principal: Principal, terms: Terms) -> list[str]:
    """Recovery codes in place of all before. Raises `NotOn`."""
    if not second_factor.is_on(principal.account_id):
        raise NotOn
    _record(principal, "renew_recovery_codes", terms)
    return second_factor.renew_recovery_codes(principal.account_id)


def remove(principal: Principal, terms: Terms) -> None:
    """Turn it off, if there is one."""
    if second_factor.remove(principal.account_id):
        _record(principal, "turn_off_second_factor", terms)


def reset(actor: Actor, account_id: int) -> list[bytes]:
    """Take somebody's second factor away and end the sessions; answers their tokens' digests.

    Raises `NotFound`, `OwnAccount`.
    """
    not_own(actor, account_id)
    lock_account(account_id)
    second_factor.remove(account_id)
    audit.record(actor, "reset_second_factor", f"account:{account_id}")
    return own_sessions.end_all(account_id)


def end_sessions(actor: Actor, account_id: int) -> list[bytes]:
    """End all sessions of somebody; answers their tokens' digests.

    Raises `NotFound`, `OwnAccount`.
    """
    not_own(actor, account_id)
    lock_account(account_id)
    audit.record(actor, "end_sessions", f"account:{account_id}")
    return own_sessions.end_all(account_id)


def _record(principal: Principal, action: str, terms: Terms) -> None:
    subject = f"account:{principal.account_id}"
    audit.record_for_account(principal.account_id, action, subject, terms.ip)
