"""时限审计: stored deadlines must equal those that the events give. Drift is told, not mended."""

import logging

from app.db import transaction
from jobs import runner
from jobs.runner import Outcome
from services.tickets.deadline_audit import Audit, audit_after

log = logging.getLogger(__name__)


def audit_deadlines() -> Outcome:
    """Check every open ticket; each one that has drifted counts as a failure."""
    outcome, last = Outcome(), 0
    while audit := _next(last):
        last = audit.last
        outcome.items += audit.checked
        outcome.failures += len(audit.drifts)
        for drift in audit.drifts:
            log.error("deadlines of %s drifted: %s", drift.number, "; ".join(drift.differences))
            outcome.notes.append(f"{drift.number}: {'；'.join(drift.differences)}")
    outcome.is_cut_short = runner.stopping.is_set()
    return outcome


def _next(last: int) -> Audit | None:
    if runner.stopping.is_set():
        return None
    with transaction():
        audit = audit_after(last)
    return audit if audit.checked else None
