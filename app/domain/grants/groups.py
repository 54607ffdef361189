"""The groups of roles that hold a right together, each in its scope."""

from app.domain.actor import Role
from app.domain.permission_names import Scope


def each(roles: tuple[Role, ...], scope: Scope) -> dict[Role, Scope]:
    """The same scope for each of the roles."""
    return dict.fromkeys(roles, scope)


ENTERPRISE = (Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF)
PAIRED = (Role.HOUSEKEEPER, Role.DEPUTY_HOUSEKEEPER)
OFFICE = (
    Role.OPERATOR,
    Role.COORDINATOR,
    Role.HANDLER,
    Role.CO_HANDLER,
    Role.UNIT_APPROVER,
    Role.REVISITOR,
    Role.SUPERVISOR,
)
PEOPLE = tuple(role for role in Role if role is not Role.SYSTEM)

FOR_ENTERPRISE = each(ENTERPRISE, Scope.OWN_ENTERPRISE)
FOR_PAIRED = each(PAIRED, Scope.PAIRING)
ON_BEHALF = {Role.OPERATOR: Scope.DESK}
COORDINATION = {Role.COORDINATOR: Scope.AREA}
SUPERVISION = {Role.SUPERVISOR: Scope.AREA}
UNITS = each((Role.HANDLER, Role.UNIT_APPROVER), Scope.UNIT) | {Role.CO_HANDLER: Scope.CO_UNIT}
JOBS = {Role.SYSTEM: Scope.ALL}
