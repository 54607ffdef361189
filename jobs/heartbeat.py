"""报到: every scheduler process says that it lives.

No job of the table: there one process does the work for all, here each speaks for itself.
"""

import logging
from datetime import timedelta

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.db import transaction
from services import workers

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=10)
KIND = "scheduler"


def beat(app: Flask) -> None:
    """Say that this process lives. Without a database it goes unsaid; the next time may do."""
    try:
        with app.app_context(), transaction():
            workers.beat(workers.own_name(), KIND, at=clock.real())
    except SQLAlchemyError as error:
        log.warning("heartbeat not taken: %s", type(error).__name__)


def leave(app: Flask) -> None:
    """Say that this process ends as it should. Left unsaid, it counts as lost until it is swept."""
    try:
        with app.app_context(), transaction():
            workers.leave(workers.own_name())
    except SQLAlchemyError as error:
        log.warning("leave not taken: %s", type(error).__name__)
