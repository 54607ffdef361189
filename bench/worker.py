"""`python -m bench.worker deliver_notifications,deliver_texts`: some jobs, round after round.

Without the scheduler's slots, which share the work out: here any number of processes fight for it.
"""

import os
import sys
from contextvars import copy_context
from datetime import timedelta

from flask import Flask

from app import clock
from app.db import db, transaction
from app.factory import create_app
from config import logging as log_lines
from config.settings import Settings
from jobs.runner import Job
from jobs.schedule import SCHEDULE
from services import business_clock
from tools.watch import settle

STARTED = "sender started"


def main(names: str) -> None:
    """Work until somebody ends the process."""
    settings = Settings.from_environment(os.environ)
    log_lines.configure("ERROR")
    app = create_app(settings)
    jobs = [job for job in SCHEDULE if job.name in names.split(",")]
    print(STARTED, file=sys.stderr, flush=True)
    while True:
        for job in jobs:
            copy_context().run(do, app, job)
        settle()


def do(app: Flask, job: Job) -> None:
    """One round of a job at the present business time, as `jobs.runner` does it."""
    with app.app_context():
        try:
            with transaction():
                clock.set_offset(timedelta(seconds=business_clock.offset_seconds()))
            job.function()
        finally:
            db.session.remove()


if __name__ == "__main__":
    main(sys.argv[1])
