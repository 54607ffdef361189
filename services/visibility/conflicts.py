"""Register conflicts: of the authorities between whom they stand, of the area's coordinators."""

import sqlalchemy as sa

from app.domain.actor import Actor
from app.domain.permissions import Permission, Scope, scope_of
from app.models.enterprise import Enterprise
from app.models.import_batch import ImportBatch
from app.models.register_conflict import RegisterConflict
from services.visibility.asking import NOTHING, Condition, is_own, within_area


def visible_conflicts(actor: Actor) -> Condition:
    """The condition on `register_conflicts` joined to `enterprises` and `import_batches`."""
    scope = scope_of(actor, Permission.READ_REGISTER_CONFLICTS)
    if scope is Scope.AREA:
        return within_area(
            sa.func.coalesce(Enterprise.managing_area_code, Enterprise.area_code),
            actor.area_prefix,
        )
    if scope is Scope.UNIT and actor.organisation_id is not None:
        return sa.or_(
            is_own(RegisterConflict.organisation_id, actor.organisation_id),
            is_own(Enterprise.reporting_organisation_id, actor.organisation_id),
            is_own(ImportBatch.organisation_id, actor.organisation_id),
        )
    return NOTHING
