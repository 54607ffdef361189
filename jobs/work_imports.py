"""Work the queued workbooks, one transaction each. One that is refused says why."""

from app import clock
from app.db import transaction
from app.domain.errors import DomainError
from jobs import runner
from jobs.runner import Outcome
from services.imports.batches import Claim, claim_batch, fail_batch
from services.imports.working import work_batch


def work_imports() -> Outcome:
    """Work every batch that waits; one whose workbook is refused counts as a failure."""
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
        with transaction():
            work_batch(claim, at=clock.now())
    except DomainError as error:
        with transaction():
            fail_batch(claim, error.detail, at=clock.real())
        return False
    return True
