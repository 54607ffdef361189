"""Who is known by a number, and what is stored of it."""

from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.account import Account
from app.models.operation import RateCounter
from app.models.wechat import WechatBinding
from app.sealing import fingerprint
from services.accounts import rate_limits
from services.accounts.login import WINDOW
from tests.factories import Person, make_account, make_binding
from tests.handsets import Handset

NUMBER, OTHER = "13912340001", "13912340002"


def rows(model: Any, *conditions: sa.ColumnElement[bool]) -> list[Any]:
    """The rows as they stand, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(sa.select(model).where(*conditions).order_by(model.id)))


def standing() -> list[WechatBinding]:
    """The bindings that have not ended."""
    return rows(WechatBinding, WechatBinding.ended_at.is_(None))


def made_accounts() -> list[Account]:
    """The accounts that binding has opened."""
    return rows(Account, Account.login.startswith("wx-"))


def count(model: Any) -> int:
    """How many rows there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def roles(answer: TestResponse) -> list[str]:
    """The roles that an answer to a binding tells."""
    return [one["role"] for one in answer.json["memberships"]]


def staff_with(number: str, role: Role = Role.COORDINATOR) -> Account:
    """An account that an administrator opened for the number."""
    account = make_account(role).account
    account.phone_hash = fingerprint(number)
    db.session.flush()
    return account


def bound_to(handset: Handset, role: Role = Role.COORDINATOR, **columns: Any) -> Person:
    """The handset's WeChat user is a person in `role`."""
    person = make_account(role, **columns)
    make_binding(person, openid=handset.openid, phone=handset.number)
    return person


def use_up(key: str, limit: int) -> None:
    """`key` has occurred as often as it may in this window."""
    rate_limits.count(key, limit, WINDOW, at=clock.real())
    db.session.execute(sa.update(RateCounter).values(count=limit))
