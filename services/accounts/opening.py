"""账号: opening one, what stands in it, its password. What it may do is granted separately."""

import secrets
import string
from dataclasses import dataclass

import sqlalchemy as sa

from app import sealing
from app.db import db
from app.domain.actor import Actor
from app.domain.errors import AlreadyExists, FieldError, InvalidInput, Refused
from app.domain.register import mobile
from app.models.account import Account
from services import audit
from services.accounts import new_password, wechat_binding
from services.accounts.stored import end_sessions, lock_account

ONE_TIME_PAIRS = 6
# Read out over the telephone and typed once: nothing that looks like something else.
_READABLE = "".join(sorted({*string.ascii_letters, *string.digits} - set("lIOo01")))


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Whom an account is opened for. `phone` is the number by which WeChat finds it."""

    login: str
    name: str
    phone: str | None = None


class OwnAccount(Refused):
    """不能对自己的账号做这件事，请另一位安全管理员办理。"""

    code = "own-account"


def not_own(actor: Actor, account_id: int) -> None:
    """Nobody gives, takes or resets anything of his own. Raises `OwnAccount`."""
    if actor.account_id == account_id:
        raise OwnAccount


def open_account(actor: Actor, new: NewAccount) -> int:
    """A new account without a password and without any membership.

    Raises `AlreadyExists` (the login name, the phone), `InvalidInput`.
    """
    if db.session.scalar(sa.select(Account.id).where(Account.login == new.login)):
        raise AlreadyExists(f"账号 {new.login} 已存在。")
    account = Account(login=new.login, name=new.name)
    db.session.add(account)
    db.session.flush()
    audit.record(actor, "open_account", f"account:{account.id}")
    if new.phone is not None:
        set_phone(actor, account.id, new.phone)
    return account.id


def rename(actor: Actor, account_id: int, name: str) -> None:
    """Correct the name of the person. What was done under the former one keeps it.

    Raises `NotFound`.
    """
    account = lock_account(account_id)
    if account.name != name:
        account.name = name
        db.session.flush()
        audit.record(actor, "rename_account", f"account:{account_id}")


def set_phone(actor: Actor, account_id: int, phone: str | None) -> None:
    """Give the account the number by which WeChat finds it, or take it away (None).

    Who came into the account by WeChat, or by this number into another one, has to bind anew.
    Raises `NotFound`; `AlreadyExists` when it is another account's; `InvalidInput`.
    """
    account = lock_account(account_id)
    number = _mobile(phone) if phone is not None else None
    present = sealing.fingerprint(number) if number else None
    if account.phone_hash == present:
        return
    if present and (owner := _owner_of(present)):
        raise AlreadyExists(f"这个手机号已经登记在账号 {owner} 上。")
    account.phone = sealing.seal(number, "accounts.phone") if number else None
    account.phone_hash = present
    wechat_binding.release(account_id, present)
    db.session.flush()
    audit.record(actor, "set_account_phone", f"account:{account_id}", {"has_phone": bool(number)})


def set_password(actor: Actor, account_id: int, password: str, *, is_one_time: bool) -> None:
    """Replace the password and end all sessions.

    `is_one_time`: it opens nothing but its own change. Raises `NotFound`, `InvalidInput`.
    """
    account = lock_account(account_id)
    new_password.give(account, password)
    account.must_change_password = is_one_time
    end_sessions(account_id)
    db.session.flush()
    audit.record(actor, "set_password", f"account:{account_id}", {"is_one_time": is_one_time})


def reset_password(actor: Actor, account_id: int) -> str:
    """A one-time password, told here and never again. Raises `NotFound`, `OwnAccount`."""
    not_own(actor, account_id)
    password = _one_time_password()
    set_password(actor, account_id, password, is_one_time=True)
    return password


def _one_time_password() -> str:
    """In pairs, which are easily read out, and which never spell a name that it must not hold."""
    pairs = ("".join(secrets.choice(_READABLE) for _ in range(2)) for _ in range(ONE_TIME_PAIRS))
    return "-".join(pairs)


def _owner_of(phone_hash: bytes) -> str | None:
    return db.session.scalar(sa.select(Account.login).where(Account.phone_hash == phone_hash))


def _mobile(phone: str) -> str:
    number = mobile(phone)
    if number is None:
        detail = "应为 11 位手机号码。"
        raise InvalidInput([FieldError("/phone", "unknown", detail)], detail)
    return number
