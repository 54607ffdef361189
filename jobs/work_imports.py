"""Work the queued workbooks, one transaction each. One that is refused says why."""

from app import clock
from app.db import transaction
from app.domain.errors import DomainError
from services.imports.batches import Claim, claim_batch, fail_batch
from services.imports.working import work_batch


def work_imports() -> int:
    """Work every batch that waits; answers how many were worked."""
    worked = 0
    while claim := _claim():
        _work(claim)
        worked += 1
    return worked


def _claim() -> Claim | None:
    with transaction():
        return claim_batch(at=clock.real())


def _work(claim: Claim) -> None:
    try:
        with transaction():
            work_batch(claim, at=clock.now())
    except DomainError as error:
        with transaction():
            fail_batch(claim, error.detail, at=clock.real())
