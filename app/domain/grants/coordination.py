"""Coordination: who would not have a ticket, and who says whose it is."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, UNITS
from app.domain.permission_names import Permission, Scope

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.REQUEST_RETURN: UNITS,
    Permission.CONSENT_RETURN: {Role.UNIT_APPROVER: Scope.UNIT},
    Permission.RULE_RETURN: COORDINATION,
    Permission.CONVENE: COORDINATION,
    Permission.CONCLUDE_CONSULTATION: COORDINATION,
}
