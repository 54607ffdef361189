"""What the routes of accounts act upon: somebody with nothing to hand over; a delegation."""

from datetime import datetime
from typing import Any

from app.db import db
from app.domain.actor import Role
from app.domain.work_calendar import LOCAL_ZONE
from app.models.account import Membership
from tests.factories import Person, make_account

END_OF_TIME = datetime(2100, 1, 1, tzinfo=LOCAL_ZONE)
DELEGATING = (Role.HOUSEKEEPER, Role.UNIT_APPROVER)


def make_clerk() -> Person:
    """Works in a unit that nobody has asked for anything."""
    return make_account(Role.HANDLER)


def places(clerk: Person, owner: Person) -> dict[str, Any]:
    """What the addresses of accounts are filled with."""
    account = {"account_id": clerk.account.id, "membership_id": clerk.membership.id}
    return account | {"delegation_id": _delegation(owner)}


def _delegation(owner: Person) -> int:
    """Given by `owner`, or to a housekeeper of the unit; of whoever gives none, any."""
    role = Role(owner.membership.role)
    known = db.session.query(Membership.id).filter_by(granted_by=owner.account.id).first()
    if known is None and role not in DELEGATING:
        known = db.session.query(Membership.id).filter(Membership.delegator_id.is_not(None)).first()
    return known.id if known else _new_delegation(owner, role)


def _new_delegation(owner: Person, role: Role) -> int:
    unit = owner.membership.organisation_id
    absent = owner if role is Role.HOUSEKEEPER else make_account(Role.HOUSEKEEPER)
    if role is Role.UNIT_APPROVER:
        absent.membership.organisation_id = unit
    given = make_account(
        Role.DEPUTY_HOUSEKEEPER,
        housekeeper_id=absent.membership.housekeeper_id,
        delegator_id=absent.membership.id,
        granted_by=owner.account.id,
        grant_reason="外出培训。",
        valid_until=END_OF_TIME,
    )
    return given.membership.id
