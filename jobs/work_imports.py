"""Work the queued register files, and take back those that shall go. One refused says why."""

from app import clock
from app.db import transaction
from app.domain.errors import DomainError
from jobs import runner
from jobs.runner import Outcome
from services.imports.batches import Claim, claim_batch
from services.imports.turns import take_turn


def work_imports() -> Outcome:
    """Work every batch that waits; one whose file is refused counts as a failure."""
    outcome = Outcome()
    while not runner.stopping.is_set() and (claim := _claim()):
        outcome.items += 1
        outcome.failures += not _work(claim)
    return outcome


def _claim() -> Claim | None:
    with transaction():
        return claim_batch(at=clock.real())


def _work(claim: Claim) -> bool:
    try:
        take_turn(claim, at=clock.now(), edge=transaction)
    except DomainError:
        return False
    return True
