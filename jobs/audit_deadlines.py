"""时限审计: stored deadlines must equal those that the events give. Drift is told, not mended."""

import logging

from app import clock
from app.db import transaction
from app.domain.message_kinds import MessageKind
from jobs import runner
from jobs.runner import Outcome
from services.notifications.alarms import tell_administrators
from services.tickets.deadline_audit import Audit, audit_after

log = logging.getLogger(__name__)


def audit_deadlines() -> Outcome:
    """Check every open ticket; each one that has drifted counts as a failure."""
    outcome, last = Outcome(), 0
    while (audit := _next(last)).checked:
        if runner.stopping.is_set():
            outcome.is_cut_short = True
            break
        last = audit.last
        outcome.items += audit.checked
        outcome.failures += len(audit.drifts)
        for drift in audit.drifts:
            log.error("deadlines of %s drifted: %s", drift.number, "; ".join(drift.differences))
            outcome.notes.append(f"{drift.number}: {'；'.join(drift.differences)}")
    if outcome.failures:
        _alarm(outcome.failures)
    return outcome


def _alarm(drifted: int) -> None:
    """To the system administrators, once a day; which tickets, only the run's record says."""
    at = clock.now()
    with transaction():
        alarm = f"drift:{at.date()}"
        tell_administrators(MessageKind.DEADLINES_DRIFTED, alarm, str(drifted), at=at)


def _next(last: int) -> Audit:
    with transaction():
        return audit_after(last)
