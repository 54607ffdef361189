"""账号 for who opens and grants: looking them up, and what each holds, held and will hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.actor import Role
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.masking import mask_phone
from app.models.account import Account, Membership
from app.models.area import Area
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.sealing import unseal
from services.accounts.stored import is_in_force
from services.paging import ascending, descending, fetch_page

BY_ID = ascending("id", Account.id)
NEWEST_FIRST = descending("newest", Membership.id)


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account. `phone` is masked."""

    id: int
    login: str
    name: str
    phone: str | None
    is_enabled: bool
    has_password: bool
    must_change_password: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What to look for; None asks nothing. `q` is part of a name or a log-in name.

    `role` and `organisation_id` are of one membership in force.
    """

    q: str | None = None
    role: Role | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class MembershipCard:
    """A role that an account holds, held or will hold, and who gave and ended it.

    `is_by_register`: a register vouches for it, nobody granted it. `acts_for` is the name of the
    housekeeper for whom a deputy stands.
    """

    id: int
    role: Role
    organisation_id: int | None
    organisation_name: str | None
    area_code: str | None
    area_name: str | None
    enterprise_id: int | None
    enterprise_name: str | None
    housekeeper_id: int | None
    housekeeper_name: str | None
    valid_from: datetime
    valid_until: datetime | None
    is_by_register: bool
    acts_for: str | None
    granted_by: str | None
    grant_reason: str | None
    ended_by: str | None
    end_reason: str | None


def list_accounts(
    wanted: AccountFilter, page: Page, *, at: datetime
) -> tuple[list[AccountCard], str | None]:
    """One page of accounts by number, and the next cursor. Raises `InvalidInput`."""
    query = sa.select(Account)
    if wanted.q is not None:
        named = (column.icontains(wanted.q, autoescape=True) for column in _NAMES)
        query = query.where(sa.or_(*named))
    if wanted.role is not None or wanted.organisation_id is not None:
        query = query.where(_holds(wanted, at=at))
    found = fetch_page(query, BY_ID, page)
    return [_card(row[0]) for row in found.rows], found.next_cursor


def get_account(account_id: int) -> AccountCard:
    """One account. Raises `NotFound`."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound
    return _card(account)


def list_memberships(account_id: int, page: Page) -> tuple[list[MembershipCard], str | None]:
    """One page of all that the account ever held, newest first. Raises `NotFound`."""
    get_account(account_id)
    found = fetch_page(_MEMBERSHIPS.where(Membership.account_id == account_id), NEWEST_FIRST, page)
    return [_membership(row) for row in found.rows], found.next_cursor


def get_membership(membership_id: int) -> MembershipCard:
    """One membership, of whichever account. Raises `NotFound`."""
    query = _MEMBERSHIPS.where(Membership.id == membership_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return _membership(row)


_NAMES = (Account.name, Account.login)
_GRANTOR, _ENDER, _PRINCIPAL = aliased(Account), aliased(Account), aliased(Account)
_OWN = aliased(Membership)
_MEMBERSHIPS: sa.Select[*tuple[Any, ...]] = (
    sa.select(
        Membership.id,
        Membership.role,
        Membership.organisation_id,
        Organisation.name,
        Membership.area_code,
        Area.name,
        Membership.enterprise_id,
        Enterprise.name,
        Membership.housekeeper_id,
        Housekeeper.name,
        Membership.valid_from,
        Membership.valid_until,
        Membership.phone_hash.is_not(None),
        _PRINCIPAL.name,
        _GRANTOR.name,
        Membership.grant_reason,
        _ENDER.name,
        Membership.end_reason,
    )
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .outerjoin(Area, Area.code == Membership.area_code)
    .outerjoin(Enterprise, Enterprise.id == Membership.enterprise_id)
    .outerjoin(Housekeeper, Housekeeper.id == Membership.housekeeper_id)
    .outerjoin(_OWN, _OWN.id == Membership.delegator_id)
    .outerjoin(_PRINCIPAL, _PRINCIPAL.id == _OWN.account_id)
    .outerjoin(_GRANTOR, _GRANTOR.id == Membership.granted_by)
    .outerjoin(_ENDER, _ENDER.id == Membership.ended_by)
)


def _holds(wanted: AccountFilter, *, at: datetime) -> Any:
    asked = [Membership.account_id == Account.id, is_in_force(Membership, at=at)]
    if wanted.role is not None:
        asked.append(Membership.role == wanted.role)
    if wanted.organisation_id is not None:
        asked.append(Membership.organisation_id == wanted.organisation_id)
    return sa.exists().where(*asked)


def _card(account: Account) -> AccountCard:
    phone = unseal(account.phone, "accounts.phone") if account.phone is not None else None
    return AccountCard(
        id=account.id,
        login=account.login,
        name=account.name,
        phone=mask_phone(phone) if phone is not None else None,
        is_enabled=account.is_enabled,
        has_password=account.password_hash is not None,
        must_change_password=account.must_change_password,
        created_at=account.created_at,
    )


def _membership(row: Any) -> MembershipCard:
    number, role, *rest = row[:18]
    return MembershipCard(number, Role(role), *rest)
