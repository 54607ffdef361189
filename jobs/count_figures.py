"""办结数字更新: what the closure report sums is brought up to date, every minute."""

from app import clock
from app.db import separate_transaction, snapshot
from jobs.runner import Outcome
from services.reports.refresh import begin_counting, refresh


def count_figures() -> Outcome:
    """Count what has changed; nothing is done while another process does it.

    The lock is taken before the snapshot, so that whoever comes next sees what this one wrote.
    """
    with separate_transaction() as guard:
        seen_until = begin_counting(guard)
        if seen_until is None:
            return Outcome()
        with snapshot():
            return Outcome(items=refresh(seen_until, at=clock.now()))
