"""挂起: the conditions of its actions."""

from app.domain.actor import Actor, Role
from app.domain.guards.units import is_lead_unit
from app.domain.ticket_state import Situation


def coordinates_or_leads(state: Situation, actor: Actor) -> bool:
    """A coordinator, or the unit that leads this round."""
    return actor.role is Role.COORDINATOR or is_lead_unit(state, actor)
