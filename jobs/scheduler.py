"""The process that watches the clock (`python -m jobs.scheduler`); never inside a web worker.

It only says when, in real time. Any number of them may run: `runner` shares out the work.
"""

import logging
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from app import clock
from app.factory import create_app
from config import logging as log_lines
from config.settings import Settings
from jobs import heartbeat, runner
from jobs.schedule import SCHEDULE

log = logging.getLogger(__name__)

STOPPING = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Run every job at its times until told to stop, then finish what is at work."""
    # Blocked here and in every thread begun later, so that only `sigwait` hears them.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    settings = Settings.from_environment(os.environ)
    log_lines.configure(settings.log_level)
    app = create_app(settings)
    scheduler = build(app)
    heartbeat.arrive(app)
    scheduler.start()
    log.info("scheduler started with %d jobs", len(SCHEDULE))
    heard = signal.sigwait(STOPPING)
    runner.stopping.set()
    scheduler.shutdown(wait=True)
    heartbeat.leave(app)
    log.info("scheduler stopped by %s", signal.Signals(heard).name)


def build(app: Flask) -> BackgroundScheduler:
    """A scheduler with the heartbeat and every job of the table, and a thread for each.

    Each begins at once and never overlaps itself.
    """
    scheduler = BackgroundScheduler(
        timezone=clock.LOCAL_ZONE, executors={"default": ThreadPoolExecutor(len(SCHEDULE) + 1)}
    )
    _add(scheduler, "heartbeat", heartbeat.EVERY, partial(heartbeat.beat, app))
    for job in SCHEDULE:
        _add(scheduler, job.name, job.plan.every, partial(runner.run, app, job))
    return scheduler


def _add(
    scheduler: BackgroundScheduler, name: str, every: timedelta, work: Callable[[], object]
) -> None:
    scheduler.add_job(
        work,
        IntervalTrigger(seconds=every.total_seconds(), timezone=clock.LOCAL_ZONE),
        id=name,
        next_run_time=clock.real(),
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )


if __name__ == "__main__":
    main()
