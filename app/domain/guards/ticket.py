"""What a guard is, and the one that asks nothing."""

from collections.abc import Callable
from typing import TypeAlias

from app.domain.actor import Actor
from app.domain.ticket_state import Situation

Guard: TypeAlias = Callable[[Situation, Actor], bool]


def always(_: Situation, __: Actor) -> bool:
    """Nothing to ask."""
    return True
