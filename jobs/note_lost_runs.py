"""中断登记: runs whose process is not heard of any more are noted, so that others make them up."""

import logging

from app import clock
from app.db import transaction
from jobs.runner import Outcome
from services.job_runs import note_lost

log = logging.getLogger(__name__)


def note_lost_runs() -> Outcome:
    """A daily run is begun anew by whoever looks next; any other is made up by the next slot."""
    with transaction():
        lost = note_lost(at=clock.real())
    for run in lost:
        log.error("%s of %s was lost with %s", run.job, run.slot.isoformat(), run.host)
    return Outcome(items=len(lost))
