"""Admission and coordination: what is missing, whose a ticket is, who would not have it."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, FOR_ENTERPRISE, JOBS, ON_BEHALF, UNITS
from app.domain.permission_names import Permission, Scope

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.CONFIRM_CONTACT: FOR_ENTERPRISE,
    Permission.LAPSE_SUPPLEMENT: JOBS,
    Permission.RESUBMIT: FOR_ENTERPRISE | ON_BEHALF,
    Permission.REQUEST_RETURN: UNITS,
    Permission.CONSENT_RETURN: {Role.UNIT_APPROVER: Scope.UNIT},
    Permission.RULE_RETURN: COORDINATION,
    Permission.CONVENE: COORDINATION,
    Permission.CONCLUDE_CONSULTATION: COORDINATION,
}
