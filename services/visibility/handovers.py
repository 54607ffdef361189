"""Handovers: who gives, who receives, and who answers for either."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.domain.actor import Actor
from app.domain.permissions import Permission, Scope, scope_of
from app.models.handover import Handover
from app.models.housekeeper import Housekeeper
from services.visibility.asking import NOTHING, Condition, is_own, within_area

GIVER, RECEIVER = aliased(Housekeeper), aliased(Housekeeper)


def visible_handovers(actor: Actor) -> Condition:
    """The condition on `handovers` joined to GIVER and RECEIVER: either side of it sees it."""
    scope = scope_of(actor, Permission.READ_HANDOVERS)
    if scope is Scope.OWN:
        return _either(lambda side: side.id == actor.housekeeper_id)
    if scope is Scope.UNIT:
        return _either(lambda side: is_own(side.organisation_id, actor.organisation_id))
    if scope is Scope.AREA:
        return _either(lambda side: within_area(side.area_code, actor.area_prefix))
    return NOTHING


def _either(condition: Any) -> Condition:
    return sa.or_(condition(GIVER), condition(RECEIVER))


def joined(query: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    """`query` on handovers with both housekeepers."""
    return (
        query.select_from(Handover)
        .join(GIVER, GIVER.id == Handover.housekeeper_id)
        .join(RECEIVER, RECEIVER.id == Handover.receiver_id)
    )
