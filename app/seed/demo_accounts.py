"""演示账号 of every role. One password for all, derived from the keys of the installation.

So it differs from one installation to the next, is the same at every start, and stands nowhere.
"""

from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.areas import prefix
from app.domain.work_calendar import LOCAL_ZONE
from app.models.account import Account, Membership
from app.models.area import Area
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.sealing import fingerprint, seal, unseal
from app.seed.demo_city import shipped
from services.accounts import passwords

PASSWORD_LENGTH = 12
SINCE = datetime(2024, 1, 1, tzinfo=LOCAL_ZONE)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account as the launcher tells people and outside checks of it."""

    role: str
    name: str
    login: str
    password: str
    phone: str
    account_id: int
    enterprise_id: int | None
    organisation_id: int | None
    area: str | None


def load() -> list[DemoAccount]:
    """Make the accounts that are missing; answers all of them, in their order."""
    plans = shipped("demo/accounts.json")
    password = demo_password()
    stored = _stored()
    _renew(stored, password)
    missing = [plan for plan in plans if plan["login"] not in stored]
    if missing:
        password_hash = passwords.hashed(password)
        for plan in missing:
            _add(plan, password_hash)
    _give_phones(plans)
    return _listed([plan["login"] for plan in plans], password)


def demo_password() -> str:
    """The password of every demo account of this installation."""
    return (
        b32encode(fingerprint("password of the demo accounts")).decode().lower()[:PASSWORD_LENGTH]
    )


def _stored() -> dict[str, str]:
    """Login names and password hashes of the demo accounts there are."""
    query = sa.select(Account.login, Account.password_hash).where(Account.is_demo)
    return {row.login: row.password_hash or "" for row in db.session.execute(query)}


def _renew(stored: dict[str, str], password: str) -> None:
    """The keys may have changed since; all accounts share one hash, so one look is enough."""
    outdated = [each for each in set(stored.values()) if not passwords.is_right(password, each)]
    if outdated:
        db.session.execute(
            sa.update(Account)
            .where(Account.is_demo, Account.password_hash.in_(outdated))
            .values(password_hash=passwords.hashed(password))
        )


def _add(plan: dict[str, Any], password_hash: str) -> None:
    account = Account(
        login=plan["login"], name=plan["name"], password_hash=password_hash, is_demo=True
    )
    db.session.add(account)
    db.session.flush()
    area = db.session.get_one(Area, plan["area"]) if "area" in plan else None
    membership = Membership(
        account_id=account.id,
        role=plan["role"],
        area_code=area.code if area else None,
        area_prefix=prefix(area.code, area.level) if area else None,
        is_default=True,
        valid_from=SINCE,
        **_place(plan),
    )
    db.session.add(membership)
    db.session.flush()


def _give_phones(plans: list[dict[str, Any]]) -> None:
    """The number by which each is known to WeChat: that of the roster where the roster has one."""
    without = set(
        db.session.scalars(
            sa.select(Account.login).where(Account.is_demo, Account.phone_hash.is_(None))
        )
    )
    for plan in plans:
        if plan["login"] in without:
            phone = _phone(plan)
            db.session.execute(
                sa.update(Account)
                .where(Account.login == plan["login"])
                .values(phone=seal(phone, "accounts.phone"), phone_hash=fingerprint(phone))
            )


def _phone(plan: dict[str, Any]) -> str:
    if "phone" in plan or "housekeeper" in plan:
        return str(plan.get("phone") or plan["housekeeper"])
    contact = sa.select(Enterprise.contact_phone).where(Enterprise.uscc == plan["enterprise"])
    return unseal(db.session.execute(contact).scalar_one(), "enterprises.contact_phone")


def _place(plan: dict[str, Any]) -> dict[str, int]:
    """Where the person stands: the columns of the membership."""
    if "enterprise" in plan:
        by_code = sa.select(Enterprise.id).where(Enterprise.uscc == plan["enterprise"])
        return {"enterprise_id": db.session.execute(by_code).scalar_one()}
    if "housekeeper" in plan:
        phone_hash = fingerprint(plan["housekeeper"])
        by_phone = sa.select(Housekeeper).where(Housekeeper.phone_hash == phone_hash)
        housekeeper = db.session.execute(by_phone).scalar_one()
        return {"housekeeper_id": housekeeper.id, "organisation_id": housekeeper.organisation_id}
    if "organisation" in plan:
        by_name = sa.select(Organisation.id).where(Organisation.name == plan["organisation"])
        return {"organisation_id": db.session.execute(by_name).scalar_one()}
    return {}


def _listed(logins: list[str], password: str) -> list[DemoAccount]:
    area = sa.func.coalesce(
        Membership.area_code, Enterprise.area_code, Housekeeper.area_code, Organisation.area_code
    )
    query = (
        sa.select(
            Membership.role,
            Account.name,
            Account.login,
            sa.literal(password).label("password"),
            Account.phone,
            Account.id.label("account_id"),
            Membership.enterprise_id,
            Membership.organisation_id,
            area.label("area"),
        )
        .join(Membership, Membership.account_id == Account.id)
        .outerjoin(Enterprise, Enterprise.id == Membership.enterprise_id)
        .outerjoin(Housekeeper, Housekeeper.id == Membership.housekeeper_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Account.is_demo, Membership.is_default)
    )
    accounts = [
        DemoAccount(**{**row, "phone": unseal(row["phone"], "accounts.phone")})
        for row in db.session.execute(query).mappings()
    ]
    known = [account for account in accounts if account.login in logins]
    return sorted(known, key=lambda account: logins.index(account.login))
