"""并案: its conditions."""

from app.domain.actor import Actor
from app.domain.ticket_state import Situation


def is_unanswered_child(state: Situation, _: Actor) -> bool:
    """The parent's answer has not been passed on yet."""
    return state.passed_on_at is None
