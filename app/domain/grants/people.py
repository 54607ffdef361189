"""账号: what everybody holds, and who opens accounts and gives roles."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import ENTERPRISE, OFFICE, PAIRED, PEOPLE, each
from app.domain.permission_names import Permission, Scope

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.USE_OWN_ACCOUNT: each(PEOPLE, Scope.OWN),
    Permission.CLOSE_OWN_ACCOUNT: each(ENTERPRISE, Scope.OWN),
    Permission.ANSWER_DATA_REQUESTS: {Role.SEC_ADMIN: Scope.ALL},
    Permission.READ_REFERENCE: each(PEOPLE, Scope.ALL),
    Permission.UPLOAD: each((*ENTERPRISE, *PAIRED, *OFFICE), Scope.OWN),
    Permission.MANAGE_ACCOUNTS: {Role.SEC_ADMIN: Scope.ALL},
    Permission.DELEGATE: {Role.HOUSEKEEPER: Scope.OWN, Role.UNIT_APPROVER: Scope.UNIT},
    Permission.READ_DELEGATIONS: each(PAIRED, Scope.OWN) | {Role.UNIT_APPROVER: Scope.UNIT},
}
