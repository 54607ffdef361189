"""归档: what is rated and not bad, and what stayed unrated until its window closed."""

from app import clock
from app.db import transaction
from app.domain.actor import system
from app.domain.decisions.aftercare import NotYet
from app.domain.decisions.closing import MattersOpen
from app.domain.errors import IllegalTransition
from app.domain.facts.aftercare import Archiving
from app.domain.permissions import Permission
from jobs.runner import Outcome, each
from services.tickets.due import tickets_to_archive
from services.tickets.perform import Command, perform

ARCHIVIST = system("自动归档")


def archive_silent() -> Outcome:
    """Archive what the rules let go. Silence stays silence: no rating is made up."""
    with transaction():
        numbers = tickets_to_archive(at=clock.now())
    return each(numbers, _archive)


def _archive(number: str) -> bool:
    """False when the ticket moved on since it was seen."""
    try:
        perform(ARCHIVIST, Command(number, Permission.ARCHIVE, Archiving()), at=clock.now())
    except (NotYet, MattersOpen, IllegalTransition):
        return False
    return True
