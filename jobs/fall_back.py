"""后备送达: what nobody may miss and WeChat does not bring goes on, each in a step of its own."""

from flask import current_app

from app import clock
from app.db import transaction
from jobs import runner
from jobs.runner import Outcome
from services.notifications.fallbacks import Ways, go_on_with_next
from services.notifications.phone_tasks import drop_what_is_over
from services.tickets.terms import newest_calendar


def fall_back() -> Outcome:
    """Look at everything whose time has come, once. Items are messages that were looked at."""
    with transaction():
        outcome = Outcome(drop_what_is_over(real=clock.real(), at=clock.now()))
    while not runner.stopping.is_set():
        with transaction():
            ways = Ways(current_app.config["TEXTS"] is not None, newest_calendar())
            if not go_on_with_next(ways, at=clock.now(), real=clock.real()):
                break
        outcome.items += 1
    outcome.is_cut_short = runner.stopping.is_set()
    return outcome
