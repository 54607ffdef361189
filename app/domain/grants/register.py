"""企业登记: enterprises, housekeepers, pairings, and who reports them."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, FOR_ENTERPRISE, FOR_PAIRED, SUPERVISION
from app.domain.permission_names import Permission, Scope

OWN_ADMIN = {Role.ENTERPRISE_ADMIN: Scope.OWN_ENTERPRISE}

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.READ_ENTERPRISES: FOR_ENTERPRISE
    | FOR_PAIRED
    | COORDINATION
    | SUPERVISION
    | {Role.OPERATOR: Scope.AREA, Role.REGISTER_OFFICER: Scope.AREA},
    Permission.READ_HOUSEKEEPERS: COORDINATION
    | SUPERVISION
    | {Role.REGISTER_OFFICER: Scope.AREA, Role.OPERATOR: Scope.AREA},
    Permission.IMPORT_REGISTER: {Role.REGISTER_OFFICER: Scope.OWN},
    Permission.ROLL_BACK_IMPORT: {Role.REGISTER_OFFICER: Scope.OWN},
    Permission.READ_REGISTER_CONFLICTS: COORDINATION | {Role.REGISTER_OFFICER: Scope.UNIT},
    Permission.SETTLE_REGISTER_CONFLICT: COORDINATION,
    Permission.CONFIGURE_DIRECTORY: {Role.SYS_ADMIN: Scope.ALL},
    Permission.EDIT_REGISTER: {Role.REGISTER_OFFICER: Scope.AREA},
    Permission.CLOSE_ENTERPRISE: {Role.REGISTER_OFFICER: Scope.AREA} | SUPERVISION,
    Permission.READ_MEMBERS: FOR_ENTERPRISE | COORDINATION | SUPERVISION,
    Permission.MANAGE_MEMBERS: OWN_ADMIN | COORDINATION | SUPERVISION,
    Permission.INVITE_MEMBERS: OWN_ADMIN,
    Permission.DECIDE_MEMBERSHIP: COORDINATION | SUPERVISION,
    Permission.STATE_VISIT_WISH: OWN_ADMIN | FOR_PAIRED,
}
