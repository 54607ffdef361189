"""统计与审计: figures, exports, logs."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, SUPERVISION
from app.domain.permission_names import Permission, Scope

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.READ_REPORTS: COORDINATION
    | SUPERVISION
    | {Role.UNIT_APPROVER: Scope.UNIT, Role.LAY_SUPERVISOR: Scope.AREA},
    Permission.READ_AUDIT: {Role.AUDITOR: Scope.ALL},
    Permission.READ_HOLDS: {Role.AUDITOR: Scope.ALL, Role.SEC_ADMIN: Scope.ALL},
    Permission.PLACE_HOLDS: {Role.SEC_ADMIN: Scope.ALL},
}
