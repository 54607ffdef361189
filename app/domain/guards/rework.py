"""重办: its conditions."""

from app.domain.actor import Actor, Role
from app.domain.rules import Rule
from app.domain.ticket_state import Situation


def needs_other_hands(state: Situation) -> bool:
    """Whether the ticket goes to the supervisor and to other handlers (domain, 4.4)."""
    return state.round >= state.rules[Rule.OTHER_HANDS_FROM_ROUND]


def may_dispatch(state: Situation, actor: Actor) -> bool:
    """A supervisor dispatches once it has to go to other hands."""
    return actor.role is not Role.SUPERVISOR or needs_other_hands(state)


def is_another_hand(state: Situation, actor: Actor) -> bool:
    """Once it has to go to other hands, somebody who has not handled it."""
    return not needs_other_hands(state) or actor.account_id not in state.handler_account_ids
