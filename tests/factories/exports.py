"""Exports that wait for a second person."""

from typing import Any

from app.db import db
from app.domain.actor import Role
from app.models.export import Export
from tests.domain.story import MONDAY
from tests.factories.people import Person


def make_export(owner: Person, other: Person, **columns: Any) -> Export:
    """One that `owner` sees: asked for by `other` where the owner rules on them, else the own."""
    is_judge = owner.membership.role in {Role.COORDINATOR, Role.SUPERVISOR}
    maker = other if is_judge else owner
    defaults = {
        "kind": "tickets",
        "filters": {},
        "purpose": "二季度诉求办理情况分析",
        "with_personal": True,
        "area_prefix": "210302",
        "grounds": ["personal"],
        "account_id": maker.account.id,
        "membership_id": maker.membership.id,
        "organisation_id": maker.membership.organisation_id,
        "state": "awaiting",
        "created_at": MONDAY,
    }
    export = Export(**defaults | columns)
    db.session.add(export)
    db.session.flush()
    return export
