"""Admission and coordination: what is missing, whose a ticket is, who would not have it."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import (
    COORDINATION,
    FOR_ENTERPRISE,
    FOR_PAIRED,
    JOBS,
    ON_BEHALF,
    UNITS,
)
from app.domain.permission_names import Permission, Scope

SYSTEM_ADMIN = {Role.SYS_ADMIN: Scope.ALL}

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.CONFIRM_CONTACT: FOR_ENTERPRISE,
    Permission.LAPSE_SUPPLEMENT: JOBS,
    Permission.SUPPLY_DEFERRED: FOR_ENTERPRISE | ON_BEHALF,
    Permission.FAIL_DEFERRAL: FOR_PAIRED | COORDINATION,
    Permission.RESUBMIT: FOR_ENTERPRISE | ON_BEHALF,
    Permission.REQUEST_RETURN: UNITS,
    Permission.CONSENT_RETURN: {Role.UNIT_APPROVER: Scope.UNIT},
    Permission.RULE_RETURN: COORDINATION,
    Permission.COUNTERSIGN: {Role.HANDLER: Scope.CO_UNIT, Role.CO_HANDLER: Scope.CO_UNIT},
    Permission.READ_DISPATCH_TEMPLATES: FOR_PAIRED | COORDINATION | SYSTEM_ADMIN,
    Permission.CONFIGURE_DISPATCH_TEMPLATES: SYSTEM_ADMIN,
    Permission.TRANSFER_OUT: COORDINATION,
    Permission.CONVENE: COORDINATION,
    Permission.CONCLUDE_CONSULTATION: COORDINATION,
}
