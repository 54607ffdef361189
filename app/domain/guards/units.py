"""承办单位: the conditions of its actions."""

from app.domain.actor import UNIT_ROLES, Actor
from app.domain.ticket_state import Situation
from app.domain.vocabulary import UNANSWERED, AssignmentState, UnitRole


def has_assignment(state: Situation, actor: Actor) -> bool:
    """The actor's unit has a live assignment in this round."""
    return state.assignment_of(actor.organisation_id) is not None


def is_lead_unit(state: Situation, actor: Actor) -> bool:
    """The actor's unit leads this round."""
    assignment = state.assignment_of(actor.organisation_id)
    return assignment is not None and assignment.role is UnitRole.LEAD


def leads_or_is_no_unit(state: Situation, actor: Actor) -> bool:
    """Of the units, the one that leads this round."""
    return actor.role not in UNIT_ROLES or is_lead_unit(state, actor)


def takes_part_or_is_no_unit(state: Situation, actor: Actor) -> bool:
    """Of the units, one with a live assignment in this round."""
    return actor.role not in UNIT_ROLES or has_assignment(state, actor)


def is_co_unit(state: Situation, actor: Actor) -> bool:
    """The actor's unit helps in this round."""
    assignment = state.assignment_of(actor.organisation_id)
    return assignment is not None and assignment.role is UnitRole.CO


def may_rule_reply(state: Situation, actor: Actor) -> bool:
    """The lead unit's approver, who is not the one who drafted."""
    drafted_by = state.reply.drafted_by if state.reply else None
    return is_lead_unit(state, actor) and drafted_by != actor.account_id


def is_unsigned(state: Situation, actor: Actor) -> bool:
    """The unit's assignment waits to be signed for."""
    return _state_of(state, actor) is AssignmentState.DISPATCHED


def is_unanswered(state: Situation, actor: Actor) -> bool:
    """The unit has not answered yet."""
    return _state_of(state, actor) in UNANSWERED


def awaits_approval(state: Situation, actor: Actor) -> bool:
    """The unit's reply waits for its approver."""
    return _state_of(state, actor) is AssignmentState.REPLIED


def _state_of(state: Situation, actor: Actor) -> AssignmentState | None:
    assignment = state.assignment_of(actor.organisation_id)
    return assignment.state if assignment else None
