"""Under what terms the present request may come in."""

from flask import current_app, request

from app.api import gate
from app.domain.clients import client_of
from services.accounts.terms import Terms


def terms() -> Terms:
    """From the settings, and from what the request tells of its sender."""
    settings = current_app.config["SETTINGS"]
    return Terms(
        lifetimes=current_app.config["LIFETIMES"],
        ip=gate.client_ip(),
        client=client_of(request.headers.get("User-Agent", "")),
        attempts=settings.login_attempts_per_15_minutes,
        failures=settings.login_failures_before_delay,
        most_sessions=settings.sessions_per_account,
        second_factor=settings.staff_second_factor,
    )
