"""督办: a unit sees what concerns it, coordinators and supervisors what concerns their area."""

from typing import Any

from app.domain.actor import Actor
from app.domain.permissions import Permission, Scope, scope_of
from services.visibility.asking import NOTHING, Condition, is_own, within_area


def supervised(actor: Actor, permission: Permission, unit: Any, area_code: Any) -> Condition:
    """The rows that `permission` reaches, by the columns that name their unit and their area."""
    scope = scope_of(actor, permission)
    if scope is Scope.UNIT:
        return is_own(unit, actor.organisation_id)
    return within_area(area_code, actor.area_prefix) if scope is Scope.AREA else NOTHING
