"""报到: every scheduler process says that it lives.

No job of the table: there one process does the work for all, here each speaks for itself.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.db import transaction
from services import workers

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=10)
KIND = "scheduler"


def arrive(app: Flask) -> None:
    """Say that this process has begun: what one of its name had at work before is lost."""
    _say(app, "arrival", lambda: workers.arrive(workers.own_name(), KIND, at=clock.real()))


def beat(app: Flask) -> None:
    """Say that this process lives. Without a database it goes unsaid; the next time may do."""
    _say(app, "heartbeat", lambda: workers.beat(workers.own_name(), KIND, at=clock.real()))


def leave(app: Flask) -> None:
    """Say that this process ends as it should. Left unsaid, it counts as lost until it is swept."""
    _say(app, "leave", lambda: workers.leave(workers.own_name()))


def _say(app: Flask, word: str, saying: Callable[[], None]) -> None:
    try:
        with app.app_context(), transaction():
            saying()
    except SQLAlchemyError as error:
        log.warning("%s not taken: %s", word, type(error).__name__)
