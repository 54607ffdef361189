"""本人的登录: proving again who one is, and a new password. What is proved marks the session."""

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import Conflict, FieldError, InvalidInput
from app.domain.lockout import of_account
from app.models.account import Account
from app.models.login_session import LoginSession
from app.models.wechat import WechatBinding
from app.sealing import fingerprint
from services.accounts import lockout, new_password, own_sessions, passwords, second_factor
from services.accounts.principals import Principal
from services.accounts.second_factor import WrongCode
from services.accounts.terms import Terms
from services.accounts.wechat_codes import spend
from services.accounts.wechat_refusals import WeChatOff
from services.audit import record_for_account
from services.gateways.wechat import WeChat
from services.gateways.wechat_errors import Call


class NoPassword(Conflict):
    """该账号没有密码，只能用微信登录。"""

    code = "no-password"


WRONG_PASSWORD = "密码不正确。"  # noqa: S105  # a sentence about one
ANOTHER_PERSON = "这不是登录本会话的微信用户。"


def by_password(principal: Principal, password: str, terms: Terms) -> None:
    """Prove it by the password.

    Raises `InvalidInput` at /password, `NoPassword`; `TooManyRequests` as a log-in does.
    """
    _check_password(principal, password, terms, "/password")
    _prove(principal, "password", terms)


def by_code(principal: Principal, code: str, terms: Terms) -> None:
    """Prove it by the second factor. Raises `InvalidInput` at /code, `TooManyRequests`."""
    try:
        way = second_factor.prove(principal.account_id, code, terms.failures, at=clock.real())
    except WrongCode as wrong:
        raise InvalidInput([FieldError("/code", wrong.code, wrong.detail)]) from None
    _prove(principal, way, terms)


def by_wechat(principal: Principal, wechat: WeChat | None, code: str, terms: Terms) -> None:
    """Prove it by a fresh code of the WeChat user who opened the session.

    Raises `InvalidInput` at /wechat_code for another user or a session that was opened otherwise,
    and what `wechat_refusals` has for people.
    """
    if wechat is None:
        raise WeChatOff
    identity = spend(Call.SESSION, code, wechat.identify)
    is_the_same = sa.select(WechatBinding.id).where(
        WechatBinding.id == principal.binding_id,
        WechatBinding.openid_hash == fingerprint(identity.openid),
        WechatBinding.ended_at.is_(None),
    )
    if db.session.scalar(is_the_same) is None:
        raise InvalidInput([FieldError("/wechat_code", "another-person", ANOTHER_PERSON)])
    _prove(principal, "wechat", terms)


def change_password(principal: Principal, current: str, new: str, terms: Terms) -> list[bytes]:
    """Replace the own password and end all other sessions; answers their tokens' digests.

    Raises `InvalidInput` at /current or /new, `NoPassword`, `TooManyRequests`.
    """
    account = _check_password(principal, current, terms, "/current")
    new_password.give(account, new, "/new")
    account.must_change_password = False
    db.session.flush()
    record_for_account(
        account.id, "change_password", f"account:{account.id}", terms.ip, {"by": "person"}
    )
    _mark(principal)
    return own_sessions.end_others(principal)


def _check_password(principal: Principal, password: str, terms: Terms, pointer: str) -> Account:
    key = lockout.name_key(principal.login)
    lockout.count(key, of_account(terms.failures), at=clock.real())
    account = db.session.get_one(Account, principal.account_id, with_for_update=True)
    if account.password_hash is None:
        raise NoPassword
    if not passwords.is_right(password, account.password_hash):
        raise InvalidInput([FieldError(pointer, "wrong-password", WRONG_PASSWORD)])
    lockout.forgive(key)
    return account


def _prove(principal: Principal, way: str, terms: Terms) -> None:
    _mark(principal)
    subject = f"account:{principal.account_id}"
    record_for_account(principal.account_id, "reauthenticate", subject, terms.ip, {"by": way})


def _mark(principal: Principal) -> None:
    db.session.execute(
        sa.update(LoginSession)
        .where(LoginSession.id == principal.session_id)
        .values(authenticated_at=clock.real())
    )
