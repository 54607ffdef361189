"""并案: who merges, and who undoes it."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, FOR_PAIRED, JOBS, ON_BEHALF, SUPERVISION
from app.domain.permission_names import Permission, Scope

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.MERGE: FOR_PAIRED | COORDINATION | SUPERVISION,
    Permission.UNMERGE: COORDINATION | JOBS,
    Permission.FOLLOW_PARENT: JOBS,
    Permission.FORWARD_ANSWER: JOBS,
    Permission.READ_DUPLICATES: FOR_PAIRED | COORDINATION | SUPERVISION | ON_BEHALF,
}
