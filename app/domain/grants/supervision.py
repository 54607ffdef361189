"""督办: cards, orders, letters, entries for the bulletin."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.grants.groups import COORDINATION, SUPERVISION, each
from app.domain.permission_names import Permission, Scope

_UNIT = each((Role.HANDLER, Role.UNIT_APPROVER), Scope.UNIT)
_APPROVER = {Role.UNIT_APPROVER: Scope.UNIT}

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = {
    Permission.READ_CARDS: _UNIT | COORDINATION | SUPERVISION,
    Permission.EXPLAIN_CARD: _UNIT | COORDINATION,
    Permission.APPEAL_CARD: _APPROVER,
    Permission.RULE_CARD: SUPERVISION,
    Permission.READ_ORDERS: _UNIT | COORDINATION | SUPERVISION,
    Permission.PROPOSE_ORDER: COORDINATION | SUPERVISION,
    Permission.ANSWER_ORDER: _APPROVER,
    Permission.MANAGE_ORDERS: SUPERVISION,
    Permission.READ_LETTERS: _UNIT | SUPERVISION,
    Permission.ANSWER_LETTER: _APPROVER,
    Permission.MANAGE_LETTERS: SUPERVISION,
    Permission.READ_BULLETIN_ENTRIES: SUPERVISION,
}
