"""代理: somebody acts in the place of a housekeeper who is away, from one day to another.

It is a deputy's membership that stands for the housekeeper's own one: it holds no longer than that,
ends by itself, and leaves the pairings where they are. Source: the domain, sections 2 and 3.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.actor import Actor, Role
from app.domain.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission, Scope, may, scope_of
from app.models.account import Account, Membership
from app.models.housekeeper import Housekeeper
from services import audit
from services.accounts.stored import has_not_ended, is_in_force
from services.paging import descending, fetch_page
from services.visibility.asking import NOTHING, Condition

NEWEST_FIRST = descending("newest", Membership.id)
_OWN, _ABSENT, _DELEGATE = aliased(Membership), aliased(Account), aliased(Account)


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who acts for whom, from and until; `ended_by` it was cut short."""

    id: int
    housekeeper_id: int
    housekeeper_name: str
    delegate_id: int
    delegate_name: str
    valid_from: datetime
    valid_until: datetime
    reason: str
    end_reason: str | None


@dataclass(frozen=True, slots=True)
class Wish:
    """Who shall act for whom. `housekeeper_id` None: for the actor's own self."""

    delegate_housekeeper_id: int
    valid_until: datetime
    reason: str
    housekeeper_id: int | None = None
    valid_from: datetime | None = None


class AlreadyDelegated(Conflict):
    """这段时间已经委托了代理人。"""

    code = "already-delegated"


class DelegationEnded(Conflict):
    """这项代理已经结束。"""

    code = "delegation-ended"


def delegate(actor: Actor, wish: Wish, *, at: datetime) -> Delegation:
    """Let another housekeeper act for the actor, or (an approver) for one of the own unit.

    Raises `NotFound` (not one's own), `InvalidInput`, `AlreadyDelegated`.
    """
    absent = _lock_absent(actor, wish.housekeeper_id or actor.housekeeper_id, at=at)
    begins = wish.valid_from or at
    _check_time(begins, wish.valid_until, at=at)
    stand_in = _stand_in(wish.delegate_housekeeper_id, absent, at=at)
    if db.session.scalar(_overlapping(absent.id, begins, wish.valid_until)):
        raise AlreadyDelegated
    membership = Membership(
        account_id=stand_in.account_id,
        role=Role.DEPUTY_HOUSEKEEPER.value,
        housekeeper_id=absent.housekeeper_id,
        organisation_id=absent.organisation_id,
        delegator_id=absent.id,
        valid_from=begins,
        valid_until=wish.valid_until,
        granted_by=actor.account_id,
        grant_reason=wish.reason,
    )
    db.session.add(membership)
    db.session.flush()
    facts = {"for": absent.account_id, "account_id": stand_in.account_id, "reason": wish.reason}
    audit.record(actor, "delegate", f"membership:{membership.id}", facts)
    return get_delegation(actor, membership.id)


def end_delegation(actor: Actor, delegation_id: int, reason: str, *, at: datetime) -> Delegation:
    """It ends now. Raises `NotFound`, `Forbidden` (a delegate's), `DelegationEnded`."""
    get_delegation(actor, delegation_id)
    query = sa.select(Membership).where(Membership.id == delegation_id, _given_by(actor))
    membership = db.session.scalar(query.with_for_update())
    if membership is None:
        raise Forbidden("只有委托人或其单位的审批人可以结束代理。")
    if membership.valid_until is None or membership.valid_until <= at:
        raise DelegationEnded
    membership.valid_until, membership.end_reason = at, reason
    membership.ended_by = actor.account_id
    db.session.flush()
    audit.record(actor, "end_delegation", f"membership:{delegation_id}", {"reason": reason})
    return get_delegation(actor, delegation_id)


def list_delegations(actor: Actor, page: Page) -> tuple[list[Delegation], str | None]:
    """One page of visible delegations, newest first, and the next cursor."""
    found = fetch_page(_delegations(actor), NEWEST_FIRST, page)
    return [Delegation(*row[:9]) for row in found.rows], found.next_cursor


def get_delegation(actor: Actor, delegation_id: int) -> Delegation:
    """One visible delegation. Raises `NotFound`."""
    query = _delegations(actor).where(Membership.id == delegation_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return Delegation(*row)


def _delegations(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    """Those given by the actor or the unit, and those by which the actor acts for others.

    None holds longer than the membership for which it stands.
    """
    until = sa.func.least(Membership.valid_until, _OWN.valid_until)
    return (
        sa.select(
            Membership.id,
            Membership.housekeeper_id,
            _ABSENT.name,
            _DELEGATE.id,
            _DELEGATE.name,
            Membership.valid_from,
            until,
            Membership.grant_reason,
            Membership.end_reason,
        )
        .join(_OWN, _OWN.id == Membership.delegator_id)
        .join(_ABSENT, _ABSENT.id == _OWN.account_id)
        .join(_DELEGATE, _DELEGATE.id == Membership.account_id)
        .where(sa.or_(_given_by(actor), _held_by(actor)))
    )


def _given_by(actor: Actor) -> Condition:
    """What the actor may give and end: one's own, or of the own unit."""
    own = aliased(Membership)
    scope = scope_of(actor, Permission.DELEGATE)
    if scope is None:
        return NOTHING
    is_unit = scope is Scope.UNIT
    place = (
        own.organisation_id == actor.organisation_id
        if is_unit
        else own.account_id == actor.account_id
    )
    return sa.exists().where(own.id == Membership.delegator_id, place)


def _held_by(actor: Actor) -> Condition:
    is_granted = may(actor, Permission.READ_DELEGATIONS)
    return Membership.account_id == actor.account_id if is_granted else NOTHING


def _lock_absent(actor: Actor, housekeeper_id: int | None, *, at: datetime) -> Membership:
    """The housekeeper's own membership, under whose lock no second delegation is given."""
    query = sa.select(Membership).where(
        Membership.role == Role.HOUSEKEEPER,
        Membership.housekeeper_id == housekeeper_id,
        is_in_force(Membership, at=at),
    )
    if scope_of(actor, Permission.DELEGATE) is Scope.UNIT:
        query = query.where(Membership.organisation_id == actor.organisation_id)
    else:
        query = query.where(Membership.account_id == actor.account_id)
    found = db.session.scalars(query.order_by(Membership.id).limit(1).with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def _stand_in(housekeeper_id: int, absent: Membership, *, at: datetime) -> Membership:
    """Another person who is a housekeeper and has an account."""
    query = (
        sa.select(Membership)
        .join(Account, Account.id == Membership.account_id)
        .join(Housekeeper, Housekeeper.id == Membership.housekeeper_id)
        .where(
            Membership.role == Role.HOUSEKEEPER,
            Membership.housekeeper_id == housekeeper_id,
            Membership.housekeeper_id != absent.housekeeper_id,
            Membership.account_id != absent.account_id,
            Account.is_enabled,
            is_in_force(Membership, at=at),
        )
    )
    found = db.session.scalars(query.order_by(Membership.id).limit(1)).first()
    if found is None:
        detail = "代理人须是另一位在岗并有账号的管家。"
        raise InvalidInput([FieldError("/delegate_housekeeper_id", "unfit", detail)], detail)
    return found


def _overlapping(delegator_id: int, begins: datetime, until: datetime) -> sa.Select[bool]:
    return sa.select(
        sa.exists().where(
            Membership.delegator_id == delegator_id,
            Membership.valid_from < until,
            has_not_ended(Membership, at=begins),
        )
    )


def _check_time(begins: datetime, until: datetime, *, at: datetime) -> None:
    if begins < at:
        detail = "不能从过去的时间开始。"
        raise InvalidInput([FieldError("/valid_from", "past", detail)], detail)
    if until <= begins:
        detail = "结束时间须在开始之后。"
        raise InvalidInput([FieldError("/valid_until", "order", detail)], detail)
