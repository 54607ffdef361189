"""重定时限: whose promise can be changed."""

from app.domain.actor import Actor, Role
from app.domain.ticket_state import Situation
from app.domain.vocabulary import Status

PROMISED = frozenset({Status.ACCEPTED, Status.COORDINATING, Status.HANDLING})


def has_promise(ticket: Situation, actor: Actor) -> bool:
    """A person retargets what was promised at acceptance; the job, whatever runs."""
    return actor.role is Role.SYSTEM or ticket.status in PROMISED
