"""重定时限: after a newer work calendar, the tickets that have counted a changed day follow it."""

from app import clock
from app.db import transaction
from app.domain.actor import system
from app.domain.decisions.aftercare import NotYet
from app.domain.errors import IllegalTransition
from app.domain.facts.retarget import CalendarFollowing
from app.domain.permissions import Permission
from jobs.runner import Outcome, each
from services.tickets.outdated import tickets_to_retarget
from services.tickets.perform import Command, perform

FOLLOWER = system("工作日历更新")


def retarget_deadlines() -> Outcome:
    """One event for each such ticket, each in a transaction of its own; the rest is left alone."""
    with transaction():
        numbers = tickets_to_retarget()
    return each(numbers, _retarget)


def _retarget(number: str) -> bool:
    """False when the ticket moved on since it was seen."""
    command = Command(number, Permission.RETARGET, CalendarFollowing())
    try:
        perform(FOLLOWER, command, at=clock.now())
    except (NotYet, IllegalTransition):
        return False
    return True
