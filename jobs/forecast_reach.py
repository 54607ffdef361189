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
    with transaction():
        made = forecast_calls(channels(), newest_calendar(), at=clock.now())
    return Outcome(made)


def review_forecasts() -> Outcome:
    """End the tasks that nobody needs any more. Items are tasks."""
    with transaction():
        return Outcome(drop_what_is_reachable(channels(), real=clock.real(), at=clock.now()))


def channels() -> Channels:
    """By what people are reached here."""
    return Channels(
        current_app.config["SETTINGS"].wechat_appid, current_app.config["TEXTS"] is not None
    )
