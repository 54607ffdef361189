"""`python -m tests.jobs.one_job deliver_texts`: one job of the schedule, slot after slot.

Begins in a third of the time of the scheduler, which does all of them.
"""

import logging
import os
import sys

from app.factory import create_app
from config import logging as log_lines
from config.settings import Settings
from jobs import runner
from jobs.schedule import SCHEDULE
from tools.watch import settle

log = logging.getLogger(__name__)


def main(name: str) -> None:
    """Work until somebody ends the process."""
    settings = Settings.from_environment(os.environ)
    log_lines.configure(settings.log_level)
    app = create_app(settings)
    [job] = [each for each in SCHEDULE if each.name == name]
    log.info("%s started", name)
    while True:
        runner.run(app, job)
        settle()


if __name__ == "__main__":
    main(sys.argv[1])
