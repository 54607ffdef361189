"""重办: its conditions."""

from app.domain.actor import Actor, Role
from app.domain.ticket_state import Situation

OTHER_HANDS = 3
"""From the third round on a ticket goes to the supervisor and to other handlers (domain, 4.4)."""


def may_dispatch(state: Situation, actor: Actor) -> bool:
    """A supervisor dispatches from the third round on."""
    return actor.role is not Role.SUPERVISOR or state.round >= OTHER_HANDS


def is_another_hand(state: Situation, actor: Actor) -> bool:
    """From the third round on, somebody who has not handled it."""
    return state.round < OTHER_HANDS or actor.account_id not in state.handler_account_ids
