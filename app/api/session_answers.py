"""What log-ins answer, and how an account's memberships are shown."""

from datetime import datetime
from typing import Any

from app import clock
from app.domain.labels import ROLE
from services.accounts.principals import Principal
from services.accounts.sessions import Tokens
from services.accounts.visitors import Pass


def pair(tokens: Tokens) -> dict[str, Any]:
    """The tokens of a session."""
    return {
        "token_type": "Bearer",
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "expires_at": local(tokens.expires_at),
        "session_expires_at": local(tokens.session_expires_at),
    }


def entrance(given: Tokens | Pass) -> dict[str, Any]:
    """A session or a visitor's pass, in one shape."""
    if isinstance(given, Tokens):
        return pair(given) | {"is_bound": True}
    until = local(given.expires_at)
    return {
        "token_type": "Bearer",
        "access_token": given.access_token,
        "refresh_token": None,
        "expires_at": until,
        "session_expires_at": until,
        "is_bound": False,
    }


def memberships(principal: Principal, current_id: int | None) -> list[dict[str, Any]]:
    """All memberships in force; one of them asks."""
    return [
        {
            "id": standing.id,
            "role": standing.role,
            "role_label": ROLE[standing.role],
            "organisation_id": standing.organisation_id,
            "enterprise_id": standing.enterprise_id,
            "housekeeper_id": standing.housekeeper_id,
            "area_code": standing.area_code,
            "acts_for": standing.acts_for,
            "is_current": standing.id == current_id,
        }
        for standing in principal.memberships
    ]


def local(instant: datetime) -> datetime:
    """A moment as answers show it: local time, whole seconds."""
    return instant.astimezone(clock.LOCAL_ZONE).replace(microsecond=0)
