"""One turn at a claimed batch: worked to its end, or taken back; refused files leave nothing."""

from contextlib import nullcontext
from datetime import datetime

from app import clock
from app.domain.errors import DomainError
from services.imports.batches import Claim, claim_this, fail_batch
from services.imports.rollback import roll_back
from services.imports.working import Edge, work_batch


def take_turn(claim: Claim, *, edge: Edge = nullcontext, at: datetime) -> None:
    """Work the batch, or take it back when that is what it was claimed for. `at` is business time.

    Raises `InvalidInput` for a file that proves damaged on the way; the batch has failed then, and
    nothing of it is left in the register.
    """
    if claim.is_rollback:
        roll_back(claim, at=at, edge=edge)
        return
    try:
        work_batch(claim, at=at, edge=edge)
    except DomainError as error:
        with edge():
            is_to_go = fail_batch(claim, error.detail, at=clock.real())
        if is_to_go:
            with edge():
                back = claim_this(claim.batch_id, at=clock.real())
            roll_back(back, at=at, edge=edge)
        raise
