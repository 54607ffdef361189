"""调动: from one unit to another. What was done under the old one stays with it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import ENTERPRISE_ROLES, PAIRED_ROLES, Actor, Role
from app.domain.errors import FieldError, InvalidInput
from app.models.account import Membership
from services import audit
from services.accounts.grants import Grant, close, grant
from services.accounts.opening import not_own
from services.accounts.remains import demand_nothing_left
from services.accounts.seats import Seat
from services.accounts.stored import has_not_ended, lock_account

UNDER_WAY = ("active",)
"""Pairings that keep somebody: one in handover has a successor and, meanwhile, a deputy."""


@dataclass(frozen=True, slots=True)
class Move:
    """Where somebody goes. `roles` empty: the same as before; `begins` None: at once."""

    organisation_id: int
    area_code: str | None
    reason: str
    roles: tuple[Role, ...] = ()
    begins: datetime | None = None
    successor_id: int | None = None


def move(actor: Actor, account_id: int, wanted: Move, *, at: datetime) -> None:
    """End all that the account holds as an official, at once; the new roles begin when they begin.

    Acting for somebody and being acted for end with it. What an enterprise gave is left alone.
    Raises `NotFound`, `OwnAccount`, `NotHandedOver`, and what `grant` raises.
    """
    not_own(actor, account_id)
    lock_account(account_id)
    ending = _of_official(account_id, at=at)
    roles = wanted.roles or _same(ending)
    demand_nothing_left(ending, wanted.successor_id, states=UNDER_WAY, at=at)
    for one in ending:
        close(actor, one, wanted.reason, at=at)
    db.session.flush()
    seat = Seat(wanted.organisation_id, wanted.area_code)
    begun = [
        grant(actor, account_id, Grant(role, seat, wanted.reason, wanted.begins), at=at)
        for role in roles
    ]
    facts = {"ended": [one.id for one in ending], "begun": begun, "reason": wanted.reason}
    audit.record(actor, "move_account", f"account:{account_id}", facts)


def _of_official(account_id: int, *, at: datetime) -> list[Membership]:
    query = sa.select(Membership).where(
        Membership.account_id == account_id,
        Membership.role.not_in(ENTERPRISE_ROLES),
        has_not_ended(Membership, at=at),
    )
    return list(db.session.scalars(query.order_by(Membership.id)))


def _same(ending: list[Membership]) -> tuple[Role, ...]:
    """A housekeeper is one by the roster of the new unit, not by moving there."""
    roles = tuple(dict.fromkeys(Role(one.role) for one in ending if one.role not in PAIRED_ROLES))
    if not roles:
        detail = "请指定在新单位的角色。"
        raise InvalidInput([FieldError("/roles", "missing", detail)], detail)
    return roles
