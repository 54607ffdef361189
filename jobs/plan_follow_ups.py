"""安排跟踪回访: plan what is due, give it to who stands for the enterprise now, remind of it."""

from app import clock
from app.db import transaction
from jobs.runner import Outcome, each
from services.aftercare.plan import follow_pairings, plan_visit, skip_unwanted, wanted_visits
from services.aftercare.remind import remind_of_visits


def plan_follow_ups() -> Outcome:
    """Once a day; whatever was planned, moved, skipped or told already is left alone."""
    with transaction():
        wanted = wanted_visits(at=clock.now())
    outcome = each(wanted, plan_visit)
    with transaction():
        outcome.items += follow_pairings() + skip_unwanted(at=clock.now())
        outcome.items += remind_of_visits(at=clock.now())
    return outcome
