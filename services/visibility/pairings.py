"""Pairings and all that is done to them."""

import sqlalchemy as sa

from app.domain.actor import Actor
from app.domain.permissions import Permission, Scope, scope_of
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.pairing import Pairing
from services.visibility.asking import NOTHING, Condition, is_own, within_area
from services.visibility.register import paired_enterprises

RESPONSIBLE_AREA = sa.func.coalesce(Enterprise.managing_area_code, Enterprise.area_code)
"""Where an enterprise is looked after: the zone that manages it, else where it sits."""


def visible_pairings(actor: Actor, permission: Permission = Permission.READ_PAIRINGS) -> Condition:
    """The condition on `pairings` joined to `enterprises` and `housekeepers`.

    An enterprise learns of a pairing when it has begun. A unit sees its housekeepers'. A
    housekeeper sees the own ones, and who else stands for the own enterprises.
    """
    scope = scope_of(actor, permission)
    if scope is Scope.OWN_ENTERPRISE:
        own = Pairing.enterprise_id == actor.enterprise_id
        return sa.and_(own, Pairing.started_at.is_not(None))
    if scope is Scope.AREA:
        return within_area(RESPONSIBLE_AREA, actor.area_prefix)
    if scope is Scope.UNIT:
        return is_own(Housekeeper.organisation_id, actor.organisation_id)
    return _of_housekeeper(actor) if scope is Scope.PAIRING else NOTHING


def _of_housekeeper(actor: Actor) -> Condition:
    own = Pairing.housekeeper_id == actor.housekeeper_id
    return sa.or_(own, Pairing.enterprise_id.in_(paired_enterprises(actor, actor.pairing_role)))


def reached_enterprises(actor: Actor, permission: Permission) -> Condition:
    """The condition on `enterprises` under which the actor may do `permission` for one."""
    scope = scope_of(actor, permission)
    if scope is Scope.OWN_ENTERPRISE:
        return Enterprise.id == actor.enterprise_id
    return within_area(RESPONSIBLE_AREA, actor.area_prefix) if scope is Scope.AREA else NOTHING


def reached_housekeepers(actor: Actor, permission: Permission) -> Condition:
    """The condition on `housekeepers` under which the actor may do `permission` about one."""
    scope = scope_of(actor, permission)
    if scope in (Scope.OWN, Scope.PAIRING):
        return Housekeeper.id == actor.housekeeper_id
    if scope is Scope.UNIT:
        return is_own(Housekeeper.organisation_id, actor.organisation_id)
    return within_area(Housekeeper.area_code, actor.area_prefix) if scope is Scope.AREA else NOTHING
