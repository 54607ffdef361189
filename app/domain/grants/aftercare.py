"""异议、差评整改、结案: who acts after the feedback."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, FOR_ENTERPRISE, SUPERVISION
from app.domain.permission_names import Permission, Scope

_VERIFIERS = COORDINATION | SUPERVISION | {Role.REVISITOR: Scope.POOL}

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.OBJECT: FOR_ENTERPRISE,
    Permission.ORDER_REWORK: SUPERVISION,
    Permission.RECORD_REVIEW_CONTACT: _VERIFIERS,
    Permission.VERIFY_REVIEW: _VERIFIERS,
    Permission.RULE_SET_ASIDE: SUPERVISION,
    Permission.CLOSE: SUPERVISION,
    Permission.READ_REVISIT_SAMPLES: SUPERVISION,
}
