"""逾期未补正: what the enterprise was asked for and did not bring ends as withdrawn."""

from app import clock
from app.db import transaction
from app.domain.actor import system
from app.domain.decisions.aftercare import NotYet
from app.domain.errors import IllegalTransition
from app.domain.facts.acceptance import SupplementLapse
from app.domain.permissions import Permission
from jobs.runner import Outcome, each
from services.tickets.due import supplements_to_lapse
from services.tickets.perform import Command, perform

KEEPER = system("补正到期")


def lapse_supplements() -> Outcome:
    """Take as withdrawn what was not supplied; it can be handed in again as it was."""
    with transaction():
        numbers = supplements_to_lapse(at=clock.now())
    return each(numbers, _lapse)


def _lapse(number: str) -> bool:
    """False when the ticket moved on since it was seen."""
    command = Command(number, Permission.LAPSE_SUPPLEMENT, SupplementLapse())
    try:
        perform(KEEPER, command, at=clock.now())
    except (NotYet, IllegalTransition):
        return False
    return True
