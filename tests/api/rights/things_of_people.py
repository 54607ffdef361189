"""What the routes of accounts act upon: somebody with nothing to hand over."""

from typing import Any

from app.domain.actor import Role
from tests.factories import Person, make_account


def make_clerk() -> Person:
    """Works in a unit that nobody has asked for anything."""
    return make_account(Role.HANDLER)


def places(clerk: Person) -> dict[str, Any]:
    """What the addresses of accounts are filled with."""
    return {"account_id": clerk.account.id, "membership_id": clerk.membership.id}
