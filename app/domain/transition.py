"""One row of the transition table: an action, from where to where, and what it demands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.domain.actor import Actor
from app.domain.guards.ticket import Guard, always
from app.domain.permissions import Permission as Act
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import Status

Decision: TypeAlias = Callable[[TicketState, Any, Actor, Moment], Effect]

OPEN_BEFORE_ANSWER = frozenset(
    {Status.SUBMITTED, Status.ACCEPTED, Status.COORDINATING, Status.HANDLING}
)
WITH_UNITS = frozenset({Status.COORDINATING, Status.HANDLING})
"""A unit that helps goes on while a new lead is looked for."""

LIVE = OPEN_BEFORE_ANSWER | {Status.FEEDBACK, Status.REVISITING, Status.EVALUATING}
UNFINISHED = LIVE | {Status.SUPPLEMENTING, Status.SUSPENDED}
AT_WORK = frozenset({Status.ACCEPTED, Status.COORDINATING, Status.HANDLING})
ACCEPTED = AT_WORK | {Status.SUSPENDED, Status.FEEDBACK, Status.REVISITING, Status.EVALUATING}


def at(*statuses: Status) -> frozenset[Status]:
    """The statuses in which an action can be taken."""
    return frozenset(statuses)


@dataclass(frozen=True, slots=True)
class Transition:
    """One action: from where, to where (None: stays, or the decision says), by which function.

    `entitled` speaks about the person (403), `ready` about the facts of the ticket (409).
    `makes_handler` keeps the person away from revisiting the same ticket. What is no new version
    leaves alone those who are about to act: a warning must not turn their If-Match stale.
    """

    action: Act
    sources: frozenset[Status]
    target: Status | None
    decision: Decision
    entitled: Guard = always
    ready: Guard = always
    is_public: bool = True
    private_outcomes: frozenset[str] = frozenset()
    makes_handler: bool = False
    is_new_version: bool = True
