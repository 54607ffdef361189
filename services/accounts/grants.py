"""身份: giving a role and ending it. Every grant and every end is in the audit."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor, Role
from app.domain.errors import AlreadyExists, Conflict, FieldError, InvalidInput, NotFound, Refused
from app.domain.separation import clash
from app.models.account import Membership
from services import audit
from services.accounts.opening import not_own
from services.accounts.remains import demand_nothing_left
from services.accounts.seats import Seat, columns_of
from services.accounts.stored import has_not_ended, lock_account


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a place for a time. `valid_from` None: now; `valid_until` None: for good."""

    role: Role
    seat: Seat
    reason: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


class RolesClash(Refused):
    """这个角色与该账号已有的角色不能由同一人担任。"""

    code = "roles-clash"


class MembershipEnded(Conflict):
    """这个身份已经结束。"""

    code = "membership-ended"


def grant(actor: Actor, account_id: int, given: Grant, *, at: datetime) -> int:
    """Give the account a membership; its identity.

    Raises `NotFound` (no such account), `OwnAccount`, `RolesClash`, `AlreadyExists` (the same role
    at the same place), `InvalidInput` (the place or the time does not fit).
    """
    not_own(actor, account_id)
    lock_account(account_id)
    begins = given.valid_from or at
    _check_time(begins, given.valid_until, at=at)
    columns = columns_of(given.role, given.seat)
    present = _not_ended(account_id, at=at)
    _check_roles(given.role, present)
    _check_new(given.role, columns, present)
    membership = Membership(
        account_id=account_id,
        role=given.role.value,
        valid_from=begins,
        valid_until=given.valid_until,
        granted_by=actor.account_id,
        grant_reason=given.reason,
        **columns,
    )
    db.session.add(membership)
    db.session.flush()
    facts = {"role": given.role.value, "account_id": account_id, **_said(asdict(given.seat))}
    facts |= {"reason": given.reason} if given.reason else {}
    audit.record(actor, "grant_role", f"membership:{membership.id}", facts)
    return membership.id


def end_membership(
    actor: Actor, membership_id: int, reason: str, successor_id: int | None, *, at: datetime
) -> None:
    """The role ends at `at`, also one that was still to begin.

    `successor_id`: the colleague's account that takes over what is still open in the unit.
    Raises `NotFound`, `OwnAccount`, `MembershipEnded`, `NotHandedOver`.
    """
    account_id = db.session.scalar(
        sa.select(Membership.account_id).where(Membership.id == membership_id)
    )
    if account_id is None:
        raise NotFound
    not_own(actor, account_id)
    lock_account(account_id)
    membership = db.session.get_one(Membership, membership_id, populate_existing=True)
    if membership.valid_until is not None and membership.valid_until <= at:
        raise MembershipEnded
    demand_nothing_left([membership], successor_id, at=at)
    close(actor, membership, reason, at=at)
    db.session.flush()


def close(actor: Actor, membership: Membership, reason: str, *, at: datetime) -> None:
    """End a membership whose account is locked and of which nothing is left to do."""
    membership.valid_until = at
    membership.ended_by, membership.end_reason = actor.account_id, reason
    facts = {"role": membership.role, "account_id": membership.account_id, "reason": reason}
    audit.record(actor, "end_role", f"membership:{membership.id}", facts)


def _not_ended(account_id: int, *, at: datetime) -> list[Membership]:
    """Those to begin count as well: what clashes later need not be granted now."""
    query = sa.select(Membership).where(
        Membership.account_id == account_id, has_not_ended(Membership, at=at)
    )
    return list(db.session.scalars(query))


def _check_roles(role: Role, present: list[Membership]) -> None:
    reason = clash(role, {Role(one.role) for one in present})
    if reason is not None:
        raise RolesClash(reason)


def _check_new(role: Role, columns: dict[str, Any], present: list[Membership]) -> None:
    place = ("organisation_id", "area_code", "enterprise_id", "housekeeper_id")
    wanted = [columns.get(name) for name in place]
    for one in present:
        own = one.delegator_id is None and one.role == role
        if own and [getattr(one, name) for name in place] == wanted:
            raise AlreadyExists("该账号在这里已有这个角色。")


def _check_time(begins: datetime, until: datetime | None, *, at: datetime) -> None:
    """What was, was without this role: none begins in the past."""
    if begins < at:
        detail = "不能从过去的时间开始。"
        raise InvalidInput([FieldError("/valid_from", "past", detail)], detail)
    if until is not None and until <= begins:
        detail = "结束时间须在开始之后。"
        raise InvalidInput([FieldError("/valid_until", "order", detail)], detail)


def _said(place: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in place.items() if value is not None}
