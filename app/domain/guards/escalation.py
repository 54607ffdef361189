"""提级: its conditions."""

from app.domain.actor import UNIT_ROLES, Actor, Role
from app.domain.matters import open_matters
from app.domain.ticket_state import Situation
from app.domain.vocabulary import MatterKind, Tier


def highest_for(role: Role) -> Tier:
    """How high a ticket is raised by the role: the joint meeting is the supervisor's."""
    return Tier.JOINT_MEETING if role is Role.SUPERVISOR else Tier.CONSULTATION


def reaches_higher(state: Situation, actor: Actor) -> bool:
    """A supervisor, or a ticket that is still at the desk."""
    return actor.role is Role.SUPERVISOR or state.tier < highest_for(actor.role)


def is_below_the_top(state: Situation, _: Actor) -> bool:
    """The leaders' joint meeting does not have it yet."""
    return state.tier < Tier.JOINT_MEETING


def may_meet(state: Situation, _: Actor) -> bool:
    """The leaders' joint meeting has it."""
    return state.tier == Tier.JOINT_MEETING


def meets(state: Situation, _: Actor) -> bool:
    """A joint meeting is called."""
    return bool(open_matters(state, MatterKind.JOINT_MEETING))


def has_tasks(state: Situation, actor: Actor) -> bool:
    """A task of a joint meeting is open; of the units, one of the own."""
    return any(
        actor.role not in UNIT_ROLES or one.organisation_id == actor.organisation_id
        for one in open_matters(state, MatterKind.MEETING_TASK)
    )
