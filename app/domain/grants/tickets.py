"""Tickets: what people and jobs do on the way round, and who reads them."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import (
    COORDINATION,
    FOR_ENTERPRISE,
    FOR_PAIRED,
    JOBS,
    ON_BEHALF,
    SUPERVISION,
    UNITS,
)
from app.domain.permission_names import Permission, Scope

_INSIDE = (
    FOR_PAIRED
    | ON_BEHALF
    | COORDINATION
    | UNITS
    | SUPERVISION
    | {Role.REVISITOR: Scope.POOL}
    | JOBS
)
"""Whoever works on tickets, or watches over them."""

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.SUBMIT: FOR_ENTERPRISE | FOR_PAIRED | {Role.OPERATOR: Scope.AREA},
    Permission.FIRST_CONTACT: FOR_PAIRED | ON_BEHALF | COORDINATION,
    Permission.ACCEPT: FOR_PAIRED | COORDINATION,
    Permission.PROPOSE_REFUSAL: FOR_PAIRED | COORDINATION,
    Permission.RULE_REFUSAL: COORDINATION | SUPERVISION,
    Permission.REQUEST_SUPPLEMENT: FOR_PAIRED | COORDINATION,
    Permission.SUPPLY: FOR_ENTERPRISE | ON_BEHALF,
    Permission.WITHDRAW: FOR_ENTERPRISE | ON_BEHALF,
    Permission.URGE: FOR_ENTERPRISE | ON_BEHALF | SUPERVISION,
    # A supervisor, once the ticket has to go to other hands.
    Permission.COMMENT: FOR_ENTERPRISE
    | FOR_PAIRED
    | ON_BEHALF
    | COORDINATION
    | UNITS
    | SUPERVISION,
    # A supervisor from the third round on.
    Permission.DISPATCH: FOR_PAIRED | COORDINATION | SUPERVISION,
    Permission.SIGN_FOR: {Role.HANDLER: Scope.UNIT, Role.CO_HANDLER: Scope.CO_UNIT},
    Permission.GIVE_OPINION: {Role.HANDLER: Scope.CO_UNIT, Role.CO_HANDLER: Scope.CO_UNIT},
    Permission.REPLY: {Role.HANDLER: Scope.LEAD_UNIT},
    Permission.RULE_REPLY: {Role.UNIT_APPROVER: Scope.LEAD_UNIT},
    Permission.ANSWER_DIRECTLY: FOR_PAIRED | COORDINATION,
    Permission.RECEIVE_FEEDBACK: FOR_ENTERPRISE | ON_BEHALF,
    Permission.RECORD_REVISIT: {Role.REVISITOR: Scope.POOL, Role.OPERATOR: Scope.POOL}
    | SUPERVISION,
    Permission.EVALUATE: FOR_ENTERPRISE,
    Permission.ARCHIVE: JOBS,
    Permission.REMIND: JOBS,
    Permission.REMIND_OF_DAY: JOBS,
    Permission.ISSUE_CARD: JOBS,
    Permission.HAND_OVER: JOBS,
    Permission.RETARGET: COORDINATION | SUPERVISION | JOBS,
    Permission.READ_TICKETS: FOR_ENTERPRISE | _INSIDE,
    Permission.READ_INTERNAL_EVENTS: _INSIDE,
    Permission.READ_ASSIGNMENTS: UNITS | COORDINATION | SUPERVISION | FOR_PAIRED,
    Permission.MANAGE_DELIVERIES: ON_BEHALF | COORDINATION,
    Permission.READ_UNREACHABLE: FOR_PAIRED | COORDINATION,
    Permission.RULE_CONTENT: COORDINATION,
    Permission.APPEAL_CONTENT: FOR_ENTERPRISE,
    Permission.WORK_PHONE_TASKS: FOR_PAIRED | COORDINATION | {Role.OPERATOR: Scope.AREA},
}
