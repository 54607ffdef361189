"""角色 × 动作 × 范围: the one table of rights. Source: the roles of the domain, section 2.

A scope says how far a grant reaches; `services.visibility` turns scopes into SQL. What a person may
not see does not exist for that person; what may be seen but not done is forbidden.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.domain.actor import Actor, Role
from app.domain.errors import Forbidden


class Permission(StrEnum):
    """权限. Those of the ticket life-cycle bear the names of their actions."""

    SUBMIT = "submit"
    FIRST_CONTACT = "first_contact"
    ACCEPT = "accept"
    PROPOSE_REFUSAL = "propose_refusal"
    RULE_REFUSAL = "rule_refusal"
    REQUEST_SUPPLEMENT = "request_supplement"
    SUPPLY = "supply"
    WITHDRAW = "withdraw"
    DISPATCH = "dispatch"
    SIGN_FOR = "sign_for"
    GIVE_OPINION = "give_opinion"
    REPLY = "reply"
    RULE_REPLY = "rule_reply"
    ANSWER_DIRECTLY = "answer_directly"
    RECEIVE_FEEDBACK = "receive_feedback"
    RECORD_REVISIT = "record_revisit"
    EVALUATE = "evaluate"
    ARCHIVE = "archive"
    REMIND = "remind"
    ISSUE_CARD = "issue_card"

    READ_TICKETS = "read_tickets"
    READ_INTERNAL_EVENTS = "read_internal_events"
    READ_ASSIGNMENTS = "read_assignments"
    READ_ENTERPRISES = "read_enterprises"
    READ_HOUSEKEEPERS = "read_housekeepers"
    READ_REPORTS = "read_reports"
    IMPORT_REGISTER = "import_register"
    MANAGE_DELIVERIES = "manage_deliveries"
    USE_OWN_ACCOUNT = "use_own_account"
    READ_REFERENCE = "read_reference"
    UPLOAD = "upload"


class Scope(StrEnum):
    """范围."""

    OWN = "own"
    OWN_ENTERPRISE = "own_enterprise"
    PAIRING = "pairing"
    DESK = "desk"
    AREA = "area"
    LEAD_UNIT = "lead_unit"
    CO_UNIT = "co_unit"
    UNIT = "unit"
    POOL = "pool"
    ALL = "all"


def _each(roles: tuple[Role, ...], scope: Scope) -> dict[Role, Scope]:
    return dict.fromkeys(roles, scope)


_ENTERPRISE = (Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF)
_PAIRED = (Role.HOUSEKEEPER, Role.DEPUTY_HOUSEKEEPER)
_OFFICE = (
    Role.OPERATOR,
    Role.COORDINATOR,
    Role.HANDLER,
    Role.CO_HANDLER,
    Role.UNIT_APPROVER,
    Role.REVISITOR,
    Role.SUPERVISOR,
)
_PEOPLE = tuple(role for role in Role if role is not Role.SYSTEM)

_FOR_ENTERPRISE = _each(_ENTERPRISE, Scope.OWN_ENTERPRISE)
_FOR_PAIRED = _each(_PAIRED, Scope.PAIRING)
_ON_BEHALF = {Role.OPERATOR: Scope.DESK}
_COORDINATION = {Role.COORDINATOR: Scope.AREA}
_SUPERVISION = {Role.SUPERVISOR: Scope.AREA}
_UNITS = _each((Role.HANDLER, Role.UNIT_APPROVER), Scope.UNIT) | {Role.CO_HANDLER: Scope.CO_UNIT}
_JOBS = {Role.SYSTEM: Scope.ALL}

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = MappingProxyType(
    {
        Permission.SUBMIT: _FOR_ENTERPRISE | _FOR_PAIRED | {Role.OPERATOR: Scope.AREA},
        Permission.FIRST_CONTACT: _FOR_PAIRED | _ON_BEHALF | _COORDINATION,
        Permission.ACCEPT: _FOR_PAIRED | _COORDINATION,
        Permission.PROPOSE_REFUSAL: _FOR_PAIRED | _COORDINATION,
        Permission.RULE_REFUSAL: _COORDINATION | _SUPERVISION,
        Permission.REQUEST_SUPPLEMENT: _FOR_PAIRED | _COORDINATION,
        Permission.SUPPLY: _FOR_ENTERPRISE | _ON_BEHALF,
        Permission.WITHDRAW: _FOR_ENTERPRISE | _ON_BEHALF,
        Permission.DISPATCH: _FOR_PAIRED | _COORDINATION,
        Permission.SIGN_FOR: {Role.HANDLER: Scope.UNIT, Role.CO_HANDLER: Scope.CO_UNIT},
        Permission.GIVE_OPINION: {Role.HANDLER: Scope.CO_UNIT, Role.CO_HANDLER: Scope.CO_UNIT},
        Permission.REPLY: {Role.HANDLER: Scope.LEAD_UNIT},
        Permission.RULE_REPLY: {Role.UNIT_APPROVER: Scope.LEAD_UNIT},
        Permission.ANSWER_DIRECTLY: _FOR_PAIRED | _COORDINATION,
        Permission.RECEIVE_FEEDBACK: _FOR_ENTERPRISE | _ON_BEHALF,
        Permission.RECORD_REVISIT: {Role.REVISITOR: Scope.POOL, Role.OPERATOR: Scope.POOL}
        | _SUPERVISION,
        Permission.EVALUATE: _FOR_ENTERPRISE,
        Permission.ARCHIVE: _JOBS,
        Permission.REMIND: _JOBS,
        Permission.ISSUE_CARD: _JOBS,
        Permission.READ_TICKETS: _FOR_ENTERPRISE
        | _FOR_PAIRED
        | _ON_BEHALF
        | _COORDINATION
        | _UNITS
        | _SUPERVISION
        | {Role.REVISITOR: Scope.POOL}
        | _JOBS,
        Permission.READ_INTERNAL_EVENTS: _FOR_PAIRED
        | _ON_BEHALF
        | _COORDINATION
        | _UNITS
        | _SUPERVISION
        | {Role.REVISITOR: Scope.POOL}
        | _JOBS,
        Permission.READ_ASSIGNMENTS: _UNITS | _COORDINATION | _SUPERVISION | _FOR_PAIRED,
        Permission.READ_ENTERPRISES: _FOR_ENTERPRISE
        | _FOR_PAIRED
        | _COORDINATION
        | _SUPERVISION
        | {Role.OPERATOR: Scope.AREA, Role.REGISTER_OFFICER: Scope.AREA},
        Permission.READ_HOUSEKEEPERS: _COORDINATION
        | _SUPERVISION
        | {Role.REGISTER_OFFICER: Scope.AREA, Role.OPERATOR: Scope.AREA},
        Permission.READ_REPORTS: _COORDINATION
        | _SUPERVISION
        | {Role.UNIT_APPROVER: Scope.UNIT, Role.LAY_SUPERVISOR: Scope.AREA},
        Permission.IMPORT_REGISTER: {Role.REGISTER_OFFICER: Scope.OWN},
        Permission.MANAGE_DELIVERIES: _ON_BEHALF | _COORDINATION,
        Permission.USE_OWN_ACCOUNT: _each(_PEOPLE, Scope.OWN),
        Permission.READ_REFERENCE: _each(_PEOPLE, Scope.ALL),
        Permission.UPLOAD: _each(
            (*_ENTERPRISE, *_PAIRED, *_OFFICE),
            Scope.OWN,
        ),
    }
)


def scope_of(actor: Actor, permission: Permission) -> Scope | None:
    """How far the actor's role may use `permission`; None = not at all."""
    return GRANTS[permission].get(actor.role)


def may(actor: Actor, permission: Permission) -> bool:
    """Whether the actor's role holds `permission` at all."""
    return actor.role in GRANTS[permission]


def demand(actor: Actor, permission: Permission) -> Scope:
    """The scope of the grant. Raises `Forbidden`."""
    scope = scope_of(actor, permission)
    if scope is None:
        raise Forbidden
    return scope
