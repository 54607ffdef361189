"""Leaving and coming back: an account is disabled once nothing is left of its work, or enabled."""

from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict
from app.models.account import Membership
from services import audit
from services.accounts.opening import not_own
from services.accounts.remains import demand_nothing_left
from services.accounts.stored import end_sessions, is_in_force, lock_account


class AccountState(Conflict):
    """账号已处于这一状态。"""

    code = "account-state"


def disable(
    actor: Actor, account_id: int, reason: str, successor_id: int | None, *, at: datetime
) -> None:
    """Nobody logs in with this account any more, and its sessions end. Its roles stay with it.

    `successor_id`: the colleague's account that takes over what is still open in the unit.
    Raises `NotFound`, `OwnAccount`, `AccountState`, `NotHandedOver`, `InvalidInput`.
    """
    not_own(actor, account_id)
    account = lock_account(account_id)
    if not account.is_enabled:
        raise AccountState("该账号已经停用。")
    demand_nothing_left(memberships_in_force(account_id, at=at), successor_id, at=at)
    account.is_enabled = False
    end_sessions(account_id)
    db.session.flush()
    facts = {"reason": reason} | ({"successor_id": successor_id} if successor_id else {})
    audit.record(actor, "disable_account", f"account:{account_id}", facts)


def enable(actor: Actor, account_id: int, reason: str) -> None:
    """The account may be used again, in whichever of its roles still stand.

    Raises `NotFound`, `OwnAccount`, `AccountState`.
    """
    not_own(actor, account_id)
    account = lock_account(account_id)
    if account.is_enabled:
        raise AccountState("该账号没有停用。")
    account.is_enabled = True
    db.session.flush()
    audit.record(actor, "enable_account", f"account:{account_id}", {"reason": reason})


def memberships_in_force(account_id: int, *, at: datetime) -> list[Membership]:
    """The roles that the account holds at `at`, in the order in which they were given."""
    query = sa.select(Membership).where(
        Membership.account_id == account_id, is_in_force(Membership, at=at)
    )
    return list(db.session.scalars(query.order_by(Membership.id)))
