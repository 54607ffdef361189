"""统计与审计: figures, exports, logs."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, FOR_PAIRED, ON_BEHALF, SUPERVISION, each
from app.domain.permission_names import Permission, Scope

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.READ_REPORTS: COORDINATION
    | SUPERVISION
    | {Role.UNIT_APPROVER: Scope.UNIT, Role.LAY_SUPERVISOR: Scope.AREA},
    Permission.READ_AUDIT: {Role.AUDITOR: Scope.ALL},
    Permission.READ_HOLDS: {Role.AUDITOR: Scope.ALL, Role.SEC_ADMIN: Scope.ALL},
    Permission.PLACE_HOLDS: {Role.SEC_ADMIN: Scope.ALL},
    Permission.REVEAL_ENTERPRISE: FOR_PAIRED
    | COORDINATION
    | SUPERVISION
    | {Role.OPERATOR: Scope.AREA},
    Permission.REVEAL_HOUSEKEEPER: COORDINATION | SUPERVISION,
    Permission.REVEAL_TICKET: FOR_PAIRED
    | ON_BEHALF
    | COORDINATION
    | SUPERVISION
    | each((Role.HANDLER, Role.UNIT_APPROVER), Scope.UNIT)
    | {Role.REVISITOR: Scope.POOL},
    Permission.CONFIGURE_PROMISES: {Role.SYS_ADMIN: Scope.ALL},
    Permission.READ_JOBS: {Role.SYS_ADMIN: Scope.ALL},
    Permission.MANAGE_JOBS: {Role.SYS_ADMIN: Scope.ALL},
    Permission.READ_MESSAGE_TEMPLATES: COORDINATION | SUPERVISION | {Role.SYS_ADMIN: Scope.ALL},
    Permission.INSPECT_TICKET: SUPERVISION,
    Permission.TAKE_CASE_FILE: COORDINATION
    | SUPERVISION
    | {Role.ENTERPRISE_ADMIN: Scope.OWN_ENTERPRISE},
    Permission.READ_DISCLOSURES: {Role.ENTERPRISE_ADMIN: Scope.OWN_ENTERPRISE},
    Permission.EXPORT: each(
        (Role.COORDINATOR, Role.SUPERVISOR, Role.REGISTER_OFFICER, Role.UNIT_APPROVER), Scope.OWN
    ),
    Permission.RULE_EXPORT: COORDINATION | SUPERVISION,
}
