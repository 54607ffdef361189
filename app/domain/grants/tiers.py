"""三级协调: who raises a ticket, and who decides at the top."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, FOR_PAIRED, SUPERVISION, UNITS
from app.domain.permission_names import Permission, Scope

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.ESCALATE: COORDINATION | SUPERVISION,
    Permission.CONVENE_JOINT_MEETING: SUPERVISION,
    Permission.CONCLUDE_JOINT_MEETING: SUPERVISION,
    Permission.COMPLETE_MEETING_TASK: UNITS | COORDINATION | SUPERVISION,
    Permission.TRACK_OPEN: SUPERVISION,
    Permission.REVIEW_TRACKING: UNITS | FOR_PAIRED | SUPERVISION,
    Permission.END_TRACKING: SUPERVISION,
}
