"""第一步 受理: its conditions."""

from app.domain.actor import Actor
from app.domain.rules import Rule
from app.domain.ticket_state import Situation


def not_yet_contacted(state: Situation, _: Actor) -> bool:
    """The first contact is recorded once."""
    return state.contacted_at is None


def contact_unconfirmed(state: Situation, _: Actor) -> bool:
    """The office says that it has called, and the enterprise has not said whether."""
    return state.contacted_at is not None and state.contact_confirmed is None


def not_transferred(state: Situation, _: Actor) -> bool:
    """It is transferred once."""
    return state.transferred_at is None


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
    """Another notice of missing material is allowed; of so many (domain, 4.4)."""
    most = state.rules[Rule.SUPPLEMENT_NOTICES]
    return state.supplement_count < most and no_refusal_pending(state, actor)
