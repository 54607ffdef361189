"""办结数字核对: kept figures must equal those that the rows give. Drift is told, and mended."""

import logging
from datetime import date

from app import clock
from app.db import separate_transaction, snapshot, transaction
from jobs import runner
from jobs.runner import Outcome
from services.reports.refresh import counted_months, recount, refresh, wait_to_count

log = logging.getLogger(__name__)


def audit_figures() -> Outcome:
    """Count every month anew; each one whose figures were not right counts as a failure."""
    outcome = Outcome()
    with transaction():
        months = counted_months()
    for first, end in months:
        if runner.stopping.is_set():
            outcome.is_cut_short = True
            break
        changed = _drift(first, end)
        outcome.items += 1
        if changed:
            log.error("figures of %s drifted: %d rows mended", f"{first:%Y-%m}", changed)
            outcome.failures += 1
            outcome.notes.append(f"{first:%Y-%m}：重算改动 {changed} 行")
    return outcome


def _drift(first: date, end: date) -> int:
    """How many rows it changes to count the days anew, everything else being up to date."""
    with separate_transaction() as guard:
        seen_until = wait_to_count(guard)
        with snapshot():
            at = clock.now()
            refresh(seen_until, at=at)
            return recount(first, end, at=at)
