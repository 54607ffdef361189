"""账号与身份: opening an account, giving and ending memberships, passwords, disabling."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from app import clock, sealing
from app.db import db
from app.domain.actor import AREA_ROLES, ENTERPRISE_ROLES, PAIRED_ROLES, UNIT_ROLES, Role
from app.domain.errors import AlreadyExists, FieldError, InvalidInput, NotFound
from app.domain.register import mobile
from app.models.account import Account, Membership
from app.models.area import Area
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.login_session import LoginSession
from app.models.organisation import Organisation
from services.accounts import new_password, wechat_binding

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role is held, in words that people have at hand."""

    organisation: str | None = None
    area: str | None = None
    uscc: str | None = None
    phone: str | None = None


def open_account(login: str, name: str, password: str, phone: str | None = None) -> int:
    """A new account without any membership. `phone`: as for `set_phone`.

    Raises `AlreadyExists`, `InvalidInput`.
    """
    if db.session.scalar(sa.select(Account.id).where(Account.login == login)):
        raise AlreadyExists(f"账号 {login} 已存在。")
    account = Account(login=login, name=name)
    new_password.give(account, password)
    db.session.add(account)
    db.session.flush()
    if phone is not None:
        set_phone(login, phone)
    return account.id


def set_password(login: str, password: str) -> None:
    """Replace the password and end all sessions. Raises `NotFound`, `InvalidInput`."""
    account = _account(login)
    new_password.give(account, password)
    _end_sessions(account.id)
    db.session.flush()


def set_phone(login: str, phone: str | None) -> None:
    """Give the account the number by which WeChat finds it, or take it away (None).

    Who came into the account by WeChat, or by this number into another one, has to bind anew.
    Raises `NotFound`; `AlreadyExists` when it is another account's; `InvalidInput`.
    """
    account = _account(login)
    number = _mobile(phone) if phone is not None else None
    present = sealing.fingerprint(number) if number else None
    if account.phone_hash == present:
        return
    if present and (owner := _owner_of(present)):
        raise AlreadyExists(f"这个手机号已经登记在账号 {owner} 上。")
    account.phone = sealing.seal(number, "accounts.phone") if number else None
    account.phone_hash = present
    wechat_binding.release(account.id, present)
    db.session.flush()


def _owner_of(phone_hash: bytes) -> str | None:
    return db.session.scalar(sa.select(Account.login).where(Account.phone_hash == phone_hash))


def disable(login: str) -> None:
    """Nobody logs in with this account any more; its sessions end. Raises `NotFound`."""
    account = _account(login)
    account.is_enabled = False
    _end_sessions(account.id)
    db.session.flush()


def grant(login: str, role: Role, place: Place, *, at: datetime) -> int:
    """Give the account a membership from `at` on.

    Raises `NotFound` (no such account), `InvalidInput` (the role needs another place).
    """
    membership = Membership(
        account_id=_account(login).id,
        role=role.value,
        organisation_id=_organisation(place),
        valid_from=at,
    )
    _stand(membership, role, place)
    db.session.add(membership)
    db.session.flush()
    return membership.id


def _stand(membership: Membership, role: Role, place: Place) -> None:
    if role in ENTERPRISE_ROLES:
        membership.enterprise_id = _required(
            db.session.scalar(sa.select(Enterprise.id).where(Enterprise.uscc == place.uscc)),
            "/uscc",
            "没有这个统一社会信用代码的企业。",
        )
    if role in PAIRED_ROLES:
        phone_hash = sealing.fingerprint(place.phone or "")
        membership.housekeeper_id = _required(
            db.session.scalar(
                sa.select(Housekeeper.id).where(Housekeeper.phone_hash == phone_hash)
            ),
            "/phone",
            "管家名册中没有这个手机号。",
        )
    if role in UNIT_ROLES:
        _required(place.organisation, "/organisation", "该角色须指定单位。")
    if role in AREA_ROLES:
        _required(place.area, "/area", "该角色须指定区划。")
    if place.area is not None:
        prefix = db.session.scalar(sa.select(Area.prefix).where(Area.code == place.area))
        membership.area_code = place.area
        membership.area_prefix = _required(prefix, "/area", "没有这个区划代码。")


def _organisation(place: Place) -> int | None:
    if place.organisation is None:
        return None
    query = sa.select(Organisation.id).where(Organisation.name == place.organisation)
    return _required(db.session.scalar(query), "/organisation", "没有这个单位。")


def _required(found: Found | None, pointer: str, detail: str) -> Found:
    if found is None:
        raise InvalidInput([FieldError(pointer, "unknown", detail)], detail)
    return found


def _account(login: str) -> Account:
    account = db.session.scalar(sa.select(Account).where(Account.login == login))
    if account is None:
        raise NotFound(f"没有账号 {login}。")
    return account


def _mobile(phone: str) -> str:
    return _required(mobile(phone), "/phone", "应为 11 位手机号码。")


def _end_sessions(account_id: int) -> None:
    db.session.execute(
        sa.update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=clock.real())
    )
