"""The register: enterprises, housekeepers, and the workbooks that report them."""

import sqlalchemy as sa

from app.domain.actor import Actor
from app.domain.permissions import GRANTS, Permission, Scope, scope_of
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.import_batch import ImportBatch
from app.models.pairing import STANDING, Pairing
from services.visibility.asking import NOTHING, Asker, Condition, is_own, within_area


def visible_enterprises(actor: Asker) -> Condition:
    """The condition on `enterprises` under which the actor may see a row."""
    scope = GRANTS[Permission.READ_ENTERPRISES].get(actor.role)
    if scope is Scope.OWN_ENTERPRISE:
        return Enterprise.id == actor.enterprise_id
    if scope is Scope.PAIRING:
        return Enterprise.id.in_(paired_enterprises(actor, actor.pairing_role))
    if scope is Scope.AREA:
        return within_area(
            sa.func.coalesce(Enterprise.managing_area_code, Enterprise.area_code),
            actor.area_prefix,
        )
    return NOTHING


def visible_housekeepers(actor: Actor) -> Condition:
    """The condition on `housekeepers` under which the actor may see a row."""
    if scope_of(actor, Permission.READ_HOUSEKEEPERS) is Scope.AREA:
        return within_area(Housekeeper.area_code, actor.area_prefix)
    return NOTHING


def visible_imports(actor: Actor) -> Condition:
    """The condition on `import_batches` under which the actor may see one: the own unit's."""
    if scope_of(actor, Permission.IMPORT_REGISTER) is not Scope.OWN:
        return NOTHING
    if actor.organisation_id is None:
        return ImportBatch.account_id == actor.account_id
    return is_own(ImportBatch.organisation_id, actor.organisation_id)


def paired_enterprises(actor: Asker, role: str) -> sa.Select[int]:
    """The enterprises with a standing pairing with the actor, as `lead` or as `deputy`."""
    return sa.select(Pairing.enterprise_id).where(
        Pairing.housekeeper_id == actor.housekeeper_id,
        Pairing.role == role,
        Pairing.state.in_(STANDING),
    )
