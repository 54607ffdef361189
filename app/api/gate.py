"""The gate: who is asking, and may this route be asked by that role at all.

Every view goes through `requires` or `public`; a test walks all routes. What a token stands for is
kept in the process for `REMEMBERED` seconds, so that a log-out in one worker holds in every other
within that time.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import g, request

from app.domain import permissions
from app.domain.actor import Actor
from app.domain.errors import Unauthenticated
from app.domain.permissions import Permission
from services.accounts import sessions
from services.accounts.sessions import Principal

View = TypeVar("View", bound=Callable[..., Any])

REMEMBERED = 3.0
REMEMBERED_AT_MOST = 20_000

_principals: dict[bytes, tuple[float, Principal]] = {}


def requires(permission: Permission) -> Callable[[View], View]:
    """Only for those whose role holds `permission`; the view asks `actor()` who it is."""

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(*args: Any, **values: Any) -> Any:
            g.actor = _authenticate().actor(request.headers.get("X-Membership"), client_ip())
            permissions.demand(g.actor, permission)
            return view(*args, **values)

        gated.gate = permission  # type: ignore[attr-defined]  # read by the test of all routes
        return gated  # type: ignore[return-value]  # the wrapper keeps the view's signature

    return decorate


def public(view: View) -> View:
    """Open to anybody, on purpose."""
    view.gate = "public"  # type: ignore[attr-defined]  # read by the test of all routes
    return view


def actor() -> Actor:
    """Who is asking, in which membership."""
    who: Actor = g.actor
    return who


def principal() -> Principal:
    """The account behind the token, with all its memberships."""
    return _authenticate()


def token() -> str:
    """The bearer token as sent. Raises `Unauthenticated`."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not credentials.strip():
        raise Unauthenticated
    return credentials.strip()


def forget(credentials: str) -> None:
    """Drop what this process remembers of a token."""
    _principals.pop(sessions.digest(credentials), None)


def client_ip() -> str | None:
    """The address of the client, as the server or its trusted proxy reports it."""
    return request.remote_addr


def _authenticate() -> Principal:
    credentials = token()
    digest = sessions.digest(credentials)
    known = _principals.get(digest)
    if known and time.monotonic() - known[0] < REMEMBERED:
        return known[1]
    found = sessions.principal_of(digest)
    if len(_principals) >= REMEMBERED_AT_MOST:
        _principals.clear()
    _principals[digest] = (time.monotonic(), found)
    return found
