"""督办: a unit sees what concerns it, coordinators and supervisors what concerns their area.

Nobody sees what concerns a ticket that complains of them.
"""

from typing import Any

import sqlalchemy as sa

from app.domain.actor import Actor
from app.domain.permissions import Permission, Scope, scope_of
from app.models.supervision import Letter
from app.models.ticket import Ticket
from services.visibility.asking import NOTHING, Condition, is_own, within_area
from services.visibility.tickets import is_not_about


def supervised(actor: Actor, permission: Permission, unit: Any) -> Condition:
    """The rows joined to `tickets` that `permission` reaches; `unit` names theirs."""
    return sa.and_(_reached(actor, permission, unit, Ticket.area_code), is_not_about(actor))


def supervised_letters(actor: Actor, permission: Permission) -> Condition:
    """The condition on `letters`, each about several tickets; a unit's once they were sent."""
    reached = _reached(actor, permission, Letter.organisation_id, Letter.area_code)
    if scope_of(actor, permission) is Scope.UNIT:
        reached = sa.and_(reached, Letter.sent_at.is_not(None))
    is_about = sa.exists().where(
        Ticket.number == sa.any_(Letter.ticket_numbers), sa.not_(is_not_about(actor))
    )
    return sa.and_(reached, sa.not_(is_about))


def _reached(actor: Actor, permission: Permission, unit: Any, area_code: Any) -> Condition:
    scope = scope_of(actor, permission)
    if scope is Scope.UNIT:
        return is_own(unit, actor.organisation_id)
    return within_area(area_code, actor.area_prefix) if scope is Scope.AREA else NOTHING
