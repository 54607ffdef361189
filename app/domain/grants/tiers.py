"""三级协调: who raises a ticket, and who decides at the top."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, SUPERVISION
from app.domain.permission_names import Permission, Scope

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.ESCALATE: COORDINATION | SUPERVISION,
    Permission.CONVENE_JOINT_MEETING: SUPERVISION,
    Permission.CONCLUDE_JOINT_MEETING: SUPERVISION,
    Permission.TRACK_OPEN: SUPERVISION,
    Permission.END_TRACKING: SUPERVISION,
}
