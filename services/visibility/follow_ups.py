"""跟踪回访: seen as the pairings are, by which they are owed."""

from app.domain.actor import Actor
from app.domain.permissions import Permission, Scope, scope_of
from app.models.follow_up import FollowUpVisit
from app.models.housekeeper import Housekeeper
from services.visibility.asking import NOTHING, Condition, is_own, within_area
from services.visibility.pairings import RESPONSIBLE_AREA
from services.visibility.register import paired_enterprises


def reached_visits(actor: Actor, permission: Permission) -> Condition:
    """The condition on `follow_up_visits` joined to `enterprises` and `housekeepers`."""
    scope = scope_of(actor, permission)
    if scope is Scope.AREA:
        return within_area(RESPONSIBLE_AREA, actor.area_prefix)
    if scope is Scope.UNIT:
        return is_own(Housekeeper.organisation_id, actor.organisation_id)
    return _of_paired(actor) if scope is Scope.PAIRING else NOTHING


def _of_paired(actor: Actor) -> Condition:
    paired = paired_enterprises(actor, actor.pairing_role)
    condition: Condition = FollowUpVisit.enterprise_id.in_(paired)
    return condition
