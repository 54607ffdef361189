"""微信推送: who goes on with what people wrote to the service, and who looks after the rest."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import ENTERPRISE, each
from app.domain.permission_names import Permission, Scope

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.USE_OWN_DRAFTS: each(ENTERPRISE, Scope.OWN),
    # Nobody knows of which place a sender is whom nobody knows.
    Permission.SETTLE_SERVICE_MESSAGES: {Role.OPERATOR: Scope.ALL},
    Permission.MANAGE_PUSHES: {Role.SYS_ADMIN: Scope.ALL},
}
