"""督办巡查: cards whose cause is gone fall, letters are suggested, finished orders close."""

from app import clock
from app.db import transaction
from app.domain.actor import system
from jobs.runner import Outcome
from services.supervision.sweep import close_orders, suggest_letters, void_cards

INSPECTOR = system("督办巡查")


def supervise() -> Outcome:
    """All that follows by itself from where the clocks stand."""
    at = clock.now()
    with transaction():
        done = void_cards(at=at)
    with transaction():
        done += suggest_letters(at=at)
    with transaction():
        done += close_orders(INSPECTOR, at=at)
    return Outcome(done)
