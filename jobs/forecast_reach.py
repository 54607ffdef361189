"""送达预报: in the afternoon, whom nothing reaches for the next working day is left to callers."""

from flask import current_app

from app import clock
from app.db import transaction
from jobs.runner import Outcome
from services.forecasts.show import Channels
from services.forecasts.tasks import drop_what_is_reachable, forecast_calls
from services.tickets.terms import newest_calendar


def forecast_reach() -> Outcome:
    """Make the phone tasks of the day. Items are tasks."""
    known = Channels.configured(current_app.config)
    with transaction():
        return Outcome(forecast_calls(known, newest_calendar(), at=clock.now()))


def review_forecasts() -> Outcome:
    """End the tasks that nobody needs any more. Items are tasks."""
    known = Channels.configured(current_app.config)
    with transaction():
        return Outcome(drop_what_is_reachable(known, real=clock.real(), at=clock.now()))
