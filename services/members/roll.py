"""企业成员名单: who acts for an enterprise, and removing somebody from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import ENTERPRISE_ROLES, Actor, Role
from app.domain.errors import Conflict, NotFound
from app.domain.keyset import Page
from app.domain.masking import mask_phone
from app.domain.permissions import Permission, demand
from app.models.account import Account, Membership
from app.models.enterprise import Enterprise
from app.sealing import unseal
from services.accounts.stored import has_not_ended
from services.audit import record
from services.directory.find_enterprises import require_enterprise
from services.paging import ascending, fetch_page

BY_ID = ascending("member", Membership.id)


class LastAdmin(Conflict):
    """企业须至少保留一名管理员，请先邀请新的管理员。"""

    code = "last-admin"


class FromRegister(Conflict):
    """该成员是登记的联系人，请由报送单位更正企业登记。"""

    code = "from-register"


@dataclass(frozen=True, slots=True)
class Member:
    """A member. `phone` is masked, None where it is not known; `is_contact`: of the register."""

    membership_id: int
    name: str
    phone: str | None
    role: str
    is_contact: bool
    since: datetime


def list_members(
    actor: Actor, enterprise_id: int, page: Page, *, at: datetime
) -> tuple[list[Member], str | None]:
    """One page of those in force, and the next cursor. Raises `Forbidden`, `NotFound`."""
    demand(actor, Permission.READ_MEMBERS)
    require_enterprise(actor, enterprise_id)
    query = (
        sa.select(
            Membership.id,
            Account.name,
            Account.phone,
            Membership.role,
            Membership.phone_hash.is_not(None).label("is_contact"),
            Membership.valid_from,
        )
        .join(Account, Account.id == Membership.account_id)
        .where(_of(enterprise_id, at=at))
    )
    found = fetch_page(query, BY_ID, page)
    return [_member(row) for row in found.rows], found.next_cursor


def remove_member(actor: Actor, enterprise_id: int, membership_id: int, *, at: datetime) -> None:
    """The membership ends now; what the person did stays under the name.

    Raises `Forbidden`, `NotFound`, `FromRegister`, `LastAdmin`.
    """
    demand(actor, Permission.MANAGE_MEMBERS)
    require_enterprise(actor, enterprise_id)
    # One removal at a time, so that of two last administrators one stays.
    db.session.execute(
        sa.select(Enterprise.id).where(Enterprise.id == enterprise_id).with_for_update()
    )
    members = db.session.scalars(sa.select(Membership).where(_of(enterprise_id, at=at))).all()
    leaving = next((one for one in members if one.id == membership_id), None)
    if leaving is None:
        raise NotFound
    if leaving.phone_hash is not None:
        raise FromRegister
    admins = [one for one in members if one.role == Role.ENTERPRISE_ADMIN]
    if admins == [leaving]:
        raise LastAdmin
    leaving.valid_until, leaving.ended_by = at, actor.account_id
    record(actor, "remove_member", f"membership:{membership_id}", {"enterprise_id": enterprise_id})


def _of(enterprise_id: int, *, at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        Membership.enterprise_id == enterprise_id,
        Membership.role.in_(ENTERPRISE_ROLES),
        has_not_ended(Membership, at=at),
    )


def _member(row: Any) -> Member:
    phone = row.phone
    return Member(
        membership_id=row.id,
        name=row.name,
        phone=mask_phone(unseal(phone, "accounts.phone")) if phone else None,
        role=row.role,
        is_contact=row.is_contact,
        since=row.valid_from,
    )
