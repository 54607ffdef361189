"""审计封存: entries of the last minute get their places in the chain; once a day it is verified."""

import logging

from app import clock
from app.db import transaction
from app.domain.audit_chain import Break
from jobs import runner
from jobs.runner import Outcome
from services.audit_chain import BATCH, seal_next, verify

log = logging.getLogger(__name__)


def seal_audit() -> Outcome:
    """Seal all that is there, a batch in each transaction."""
    outcome, sealed = Outcome(), BATCH
    while sealed == BATCH:
        if runner.stopping.is_set():
            outcome.is_cut_short = True
            break
        with transaction():
            sealed = seal_next(at=clock.real())
        outcome.items += sealed
    return outcome


def verify_audit() -> Outcome:
    """Compute the chain anew; an entry that does not hold is told, never mended."""
    with transaction():
        found = verify(at=clock.real())
    if isinstance(found, Break):
        log.error("audit chain breaks at %d", found.seq)
        return Outcome(items=1, failures=1, notes=[f"{found.seq}: {found.reason}"])
    return Outcome(items=1)
