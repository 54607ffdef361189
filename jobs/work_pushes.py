"""微信推送: what the platform told is worked, each push a unit of work of its own."""

import logging

from app import clock
from app.db import transaction
from jobs import runner
from jobs.runner import Outcome
from services.pushes.work import claim, note_fault, work

log = logging.getLogger(__name__)


def work_pushes() -> Outcome:
    """Work what waits, in the order of its arrival. Items are pushes that are done."""
    outcome = Outcome()
    with transaction():
        claimed = claim(at=clock.real())
    for push_id in claimed:
        if runner.stopping.is_set():
            outcome.is_cut_short = True
            break
        _work_one(push_id, outcome)
    return outcome


def _work_one(push_id: int, outcome: Outcome) -> None:
    """What breaks off is undone, and the push says by what."""
    try:
        with transaction():
            outcome.items += work(push_id, at=clock.real())
    except Exception as error:
        log.exception("push %s failed", push_id)
        fault = type(error).__name__
        with transaction():
            note_fault(push_id, fault, at=clock.real())
        outcome.failures += 1
        outcome.notes.append(f"{push_id}: {fault}")
