"""重定时限: whose promise can be changed."""

from app.domain.actor import Actor, Role
from app.domain.ticket_state import Situation
from app.domain.transition import AT_WORK
from app.domain.vocabulary import Status

PROMISED = AT_WORK | {Status.SUSPENDED}


def has_promise(ticket: Situation, actor: Actor) -> bool:
    """A person retargets what was promised at acceptance; the job, whatever runs."""
    return actor.role is Role.SYSTEM or ticket.status in PROMISED
