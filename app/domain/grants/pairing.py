"""结对: who proposes, confirms, ends and hands over, and who reads what is known of it."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, FOR_ENTERPRISE, FOR_PAIRED, SUPERVISION
from app.domain.permission_names import Permission, Scope

_REGISTER = {Role.REGISTER_OFFICER: Scope.AREA}
_UNIT = {Role.UNIT_APPROVER: Scope.UNIT}
_HOUSEKEEPER = {Role.HOUSEKEEPER: Scope.OWN}

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.READ_PAIRINGS: FOR_ENTERPRISE
    | FOR_PAIRED
    | COORDINATION
    | SUPERVISION
    | _REGISTER
    | _UNIT
    | {Role.OPERATOR: Scope.AREA},
    Permission.PROPOSE_PAIRING: COORDINATION | _REGISTER,
    Permission.CONFIRM_PAIRING: _UNIT | COORDINATION,
    Permission.DECLINE_PAIRING: _UNIT | COORDINATION | _REGISTER,
    Permission.END_PAIRING: COORDINATION | _REGISTER,
    Permission.SET_PAIRING_LIMITS: {Role.SYS_ADMIN: Scope.ALL},
    Permission.RECORD_RECUSAL: COORDINATION,
    Permission.OPEN_HANDOVER: _HOUSEKEEPER | _UNIT | COORDINATION,
    Permission.SIGN_HANDOVER: _HOUSEKEEPER,
    Permission.READ_HANDOVERS: _HOUSEKEEPER | _UNIT | COORDINATION | SUPERVISION,
    Permission.REQUEST_HOUSEKEEPER_CHANGE: {Role.ENTERPRISE_ADMIN: Scope.OWN_ENTERPRISE},
    Permission.READ_CHANGE_REQUESTS: FOR_ENTERPRISE | COORDINATION | SUPERVISION,
    Permission.SETTLE_HOUSEKEEPER_CHANGE: COORDINATION,
    Permission.READ_FOLLOW_UPS: FOR_PAIRED | COORDINATION | SUPERVISION | _UNIT,
    Permission.WORK_FOLLOW_UPS: FOR_PAIRED,
    Permission.READ_COVERAGE: COORDINATION
    | SUPERVISION
    | _REGISTER
    | {Role.LAY_SUPERVISOR: Scope.AREA},
    Permission.READ_LOAD: COORDINATION | SUPERVISION | _REGISTER | _UNIT,
    # Private to the unit: not even a coordinator reads that of another one.
    Permission.READ_LEAST_CONTACTED: _HOUSEKEEPER | _UNIT | {Role.COORDINATOR: Scope.UNIT},
}
