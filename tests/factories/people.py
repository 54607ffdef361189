"""Accounts with a membership, and the actors that they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any

from app.db import db
from app.domain.actor import ENTERPRISE_ROLES, PAIRED_ROLES, UNIT_ROLES, Actor, Role
from app.domain.work_calendar import LOCAL_ZONE
from app.models.account import Account, Membership
from services.accounts.passwords import hashed
from tests.factories.register import make_enterprise, make_housekeeper, make_organisation

PASSWORD = "Guanjia-2026"
SINCE = datetime(2024, 1, 1, tzinfo=LOCAL_ZONE)
AREA_PREFIXES = {Role.COORDINATOR: "210302"}
CITY_PREFIX = "2103"

_numbers = count(1)
_password_hash = cache(hashed)


@dataclass(frozen=True, slots=True)
class Person:
    """An account and one of its memberships; the password is PASSWORD."""

    account: Account
    membership: Membership

    @property
    def actor(self) -> Actor:
        return actor_of(self)


class Seat:
    """A role to be filled, and what is known of the membership in it."""

    def __init__(self, role: Role, **columns: Any) -> None:
        self.role, self.columns = role, columns


def make_account(role: Role | str, account: Account | None = None, **columns: Any) -> Person:
    """A person in `role`: a new account, or another membership of `account`.

    What the role needs (enterprise, housekeeper, unit, area) is made unless `columns` of the
    membership name it. `login` and `name` belong to the account.
    """
    account = account or _account(columns.pop("login", None), columns.pop("name", None))
    _store([account])
    membership = _membership(account, Role(role), columns)
    _store([membership])
    return Person(account, membership)


def make_accounts(seats: Mapping[str, Seat]) -> dict[str, Person]:
    """A new person in each seat: all of their accounts in one statement, then all memberships."""
    accounts = {part: _account() for part in seats}
    _store(accounts.values())
    memberships = {
        part: _membership(accounts[part], seat.role, seat.columns) for part, seat in seats.items()
    }
    _store(memberships.values())
    return {part: Person(accounts[part], memberships[part]) for part in seats}


def actor_of(person: Person) -> Actor:
    """The actor that the gate would make of the person."""
    account, membership = person.account, person.membership
    return Actor(
        role=Role(membership.role),
        name=account.name,
        account_id=account.id,
        membership_id=membership.id,
        organisation_id=membership.organisation_id,
        enterprise_id=membership.enterprise_id,
        housekeeper_id=membership.housekeeper_id,
        area_prefix=membership.area_prefix,
        ip="127.0.0.1",
    )


def _account(login: str | None = None, name: str | None = None) -> Account:
    number = next(_numbers)
    return Account(
        login=login or f"user{number}",
        name=name or f"用户{number}",
        password_hash=_password_hash(PASSWORD),
    )


def _membership(account: Account, role: Role, columns: dict[str, Any]) -> Membership:
    defaults = _place(role, columns) | {"valid_from": SINCE}
    return Membership(account_id=account.id, role=role.value, **defaults | columns)


def _store(rows: Iterable[Account] | Iterable[Membership]) -> None:
    db.session.add_all(rows)
    db.session.flush()


def _place(role: Role, given: dict[str, Any]) -> dict[str, Any]:
    """Where a person of this role stands, as far as `given` leaves it open."""
    if role in ENTERPRISE_ROLES:
        return {} if "enterprise_id" in given else {"enterprise_id": make_enterprise().id}
    if role in PAIRED_ROLES:
        return {} if "housekeeper_id" in given else _of_housekeeper(given)
    if role in UNIT_ROLES:
        return {} if "organisation_id" in given else {"organisation_id": make_organisation().id}
    return {"area_prefix": AREA_PREFIXES.get(role, CITY_PREFIX)}


def _of_housekeeper(_: dict[str, Any]) -> dict[str, Any]:
    housekeeper = make_housekeeper()
    return {"housekeeper_id": housekeeper.id, "organisation_id": housekeeper.organisation_id}
