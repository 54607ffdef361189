"""The conditions of the transition table. All take the state and the actor and answer yes or no."""

from collections.abc import Callable
from typing import TypeAlias

from app.domain.actor import Actor
from app.domain.ticket_state import Situation
from app.domain.vocabulary import AssignmentState, UnitRole

Guard: TypeAlias = Callable[[Situation, Actor], bool]

SUPPLEMENT_ROUNDS = 2
"""At most two notices (domain, 4.4)."""


def always(_: Situation, __: Actor) -> bool:
    """Nothing to ask."""
    return True


def not_yet_contacted(state: Situation, _: Actor) -> bool:
    """The first contact is recorded once."""
    return state.contacted_at is None


def no_refusal_pending(state: Situation, _: Actor) -> bool:
    """Nobody waits for a ruling on a refusal."""
    return state.refusal_proposed_by is None


def refusal_pending(state: Situation, _: Actor) -> bool:
    """A proposed refusal waits for a second person."""
    return state.refusal_proposed_by is not None


def did_not_propose_refusal(state: Situation, actor: Actor) -> bool:
    """The second person is not the first."""
    return state.refusal_proposed_by != actor.account_id


def may_ask_again(state: Situation, actor: Actor) -> bool:
    """Another notice of missing material is allowed."""
    return state.supplement_count < SUPPLEMENT_ROUNDS and no_refusal_pending(state, actor)


def has_assignment(state: Situation, actor: Actor) -> bool:
    """The actor's unit has a live assignment in this round."""
    return state.assignment_of(actor.organisation_id) is not None


def is_lead_unit(state: Situation, actor: Actor) -> bool:
    """The actor's unit leads this round."""
    assignment = state.assignment_of(actor.organisation_id)
    return assignment is not None and assignment.role is UnitRole.LEAD


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
    return _state_of(state, actor) in (AssignmentState.DISPATCHED, AssignmentState.SIGNED)


def awaits_approval(state: Situation, actor: Actor) -> bool:
    """The unit's reply waits for its approver."""
    return _state_of(state, actor) is AssignmentState.REPLIED


def did_not_handle(state: Situation, actor: Actor) -> bool:
    """Neither the person nor the unit handled the ticket: nobody revisits own work."""
    return (
        actor.account_id not in state.handler_account_ids
        and actor.organisation_id not in state.handler_organisation_ids
    )


def not_yet_rated(state: Situation, _: Actor) -> bool:
    """One rating in a round."""
    return state.level is None


def _state_of(state: Situation, actor: Actor) -> AssignmentState | None:
    assignment = state.assignment_of(actor.organisation_id)
    return assignment.state if assignment else None
