"""Handling: what stands beside the straight way while a ticket is worked on."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, FOR_PAIRED, ON_BEHALF, SUPERVISION, each
from app.domain.permission_names import Permission, Scope

_LEAD = each((Role.HANDLER, Role.UNIT_APPROVER), Scope.LEAD_UNIT)

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.REQUEST_EXTENSION: _LEAD,
    Permission.CONSENT_EXTENSION: {Role.UNIT_APPROVER: Scope.LEAD_UNIT},
    Permission.RULE_EXTENSION: COORDINATION | SUPERVISION,
    Permission.REQUEST_SUSPENSION: COORDINATION | {Role.UNIT_APPROVER: Scope.LEAD_UNIT},
    Permission.RULE_SUSPENSION: COORDINATION | SUPERVISION,
    Permission.RESUME: COORDINATION,
    Permission.ACT_IN_BULK: FOR_PAIRED | ON_BEHALF | COORDINATION | SUPERVISION,
    Permission.PROPOSE_UNREASONABLE: _LEAD | COORDINATION,
    Permission.RULE_UNREASONABLE: COORDINATION | SUPERVISION,
    Permission.RECORD_PRESSURE_CHECK: SUPERVISION | {Role.REVISITOR: Scope.POOL},
    Permission.REPORT_PROGRESS: FOR_PAIRED | COORDINATION | {Role.HANDLER: Scope.LEAD_UNIT},
}
