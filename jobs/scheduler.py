"""The process that watches the clock (`python -m jobs.scheduler`); never inside a web worker.

It only says when, in real time. Any number of them may run: `runner` shares out the work.
"""

import logging
import os
import signal

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from app import clock
from app.factory import create_app
from config import logging as log_lines
from config.settings import Settings
from jobs import runner
from jobs.schedule import SCHEDULE

log = logging.getLogger(__name__)

STOPPING = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Run every job at its times until told to stop, then finish what is at work."""
    # Blocked here and in every thread begun later, so that only `sigwait` hears them.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    settings = Settings.from_environment(os.environ)
    log_lines.configure(settings.log_level)
    scheduler = build(settings)
    scheduler.start()
    log.info("scheduler started with %d jobs", len(SCHEDULE))
    heard = signal.sigwait(STOPPING)
    runner.stopping.set()
    scheduler.shutdown(wait=True)
    log.info("scheduler stopped by %s", signal.Signals(heard).name)


def build(settings: Settings) -> BackgroundScheduler:
    """A scheduler with every job of the table; each begins at once and never overlaps itself."""
    app = create_app(settings)
    scheduler = BackgroundScheduler(
        timezone=clock.LOCAL_ZONE, executors={"default": ThreadPoolExecutor(len(SCHEDULE))}
    )
    for job in SCHEDULE:
        scheduler.add_job(
            runner.run,
            IntervalTrigger(seconds=job.every.total_seconds(), timezone=clock.LOCAL_ZONE),
            args=(app, job),
            id=job.name,
            next_run_time=clock.real(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
    return scheduler


if __name__ == "__main__":
    main()
