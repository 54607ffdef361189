"""久未联系的提示: housekeepers are told of the enterprises that they have left alone, privately."""

from app import clock
from app.db import transaction
from jobs.runner import Outcome
from services.aftercare import silent_pairings


def tell_of_silence() -> Outcome:
    """Once a week, as the offices open after Sunday; whoever was told already is left alone."""
    with transaction():
        return Outcome(items=silent_pairings.tell_of_silence(at=clock.now()))
