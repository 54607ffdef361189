"""Phone tasks: of the area's callers, and of the housekeeper whose enterprise it is."""

import sqlalchemy as sa

from app.domain.actor import Actor, Role
from app.domain.permissions import Permission, Scope, scope_of
from app.models.fallback import PhoneTask
from app.models.ticket import Ticket
from services.visibility.asking import NOTHING, Condition, within_area
from services.visibility.register import paired_enterprises
from services.visibility.tickets import is_not_about


def visible_phone_tasks(actor: Actor) -> Condition:
    """The condition on `phone_tasks` joined to `tickets`; nobody is to call the own number.

    What is confidential is for the coordination office alone.
    """
    scope = scope_of(actor, Permission.WORK_PHONE_TASKS)
    if scope is Scope.AREA:
        reach = within_area(Ticket.area_code, actor.area_prefix)
    elif scope is Scope.PAIRING:
        reach = Ticket.enterprise_id.in_(paired_enterprises(actor, actor.pairing_role))
    else:
        return NOTHING
    is_told = Ticket.is_confidential.is_(False)
    open_to = sa.true() if actor.role is Role.COORDINATOR else is_told
    return sa.and_(reach, open_to, is_not_about(actor), PhoneTask.account_id != actor.account_id)
