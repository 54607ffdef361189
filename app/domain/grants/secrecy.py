"""涉密清除: who asks that the content of a file goes, and who decides."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, FOR_ENTERPRISE, FOR_PAIRED, SUPERVISION
from app.domain.permission_names import Permission, Scope

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.REQUEST_PURGE: FOR_ENTERPRISE | FOR_PAIRED | COORDINATION,
    Permission.RULE_PURGE: SUPERVISION,
}
