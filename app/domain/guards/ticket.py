"""What a guard is, the one that asks nothing, and many as one."""

from collections.abc import Callable
from typing import TypeAlias

from app.domain.actor import Actor
from app.domain.ticket_state import Situation

Guard: TypeAlias = Callable[[Situation, Actor], bool]


def every(*guards: Guard) -> Guard:
    """All of the conditions together."""

    def guard(state: Situation, actor: Actor) -> bool:
        return all(one(state, actor) for one in guards)

    guard.__doc__ = "; ".join((one.__doc__ or "").rstrip(".") for one in guards)
    return guard


def always(_: Situation, __: Actor) -> bool:
    """Nothing to ask."""
    return True
