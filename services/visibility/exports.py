"""Exports: one's own, and those that one may be asked to agree to."""

import sqlalchemy as sa

from app.domain.actor import Actor
from app.domain.permissions import Permission, Scope, scope_of
from app.models.export import Export
from services.visibility.asking import NOTHING, Condition, within_area


def visible_exports(actor: Actor) -> Condition:
    """The condition on `exports`: the actor's own in this membership, or to be ruled by the actor.

    Who rules must oversee all that the export reaches.
    """
    if scope_of(actor, Permission.EXPORT) is None:
        return NOTHING
    own = sa.and_(
        Export.account_id == actor.account_id, Export.membership_id == actor.membership_id
    )
    return sa.or_(own, _overseen(actor))


def _overseen(actor: Actor) -> Condition:
    if scope_of(actor, Permission.RULE_EXPORT) is not Scope.AREA:
        return NOTHING
    is_judged = sa.func.cardinality(Export.grounds) > 0
    return sa.and_(is_judged, within_area(Export.area_prefix, actor.area_prefix))
