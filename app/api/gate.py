"""The gate: who is asking, and may this route be asked by that role at all.

Every view goes through `requires`, `session`, `visitor` or `public`; a test walks all routes.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, request

from app.api import throttling
from app.api.marks import PUBLIC, SESSION, VISITOR, View, mark
from app.api.principals import PrincipalMemory
from app.domain import permissions
from app.domain.actor import Actor
from app.domain.errors import Unauthenticated
from app.domain.permissions import Permission
from services.accounts import sessions, visitors
from services.accounts.sessions import Principal, Standing
from services.accounts.visitors import Visitor

MEMORY = "guanjia.principals"


def register(app: Flask) -> None:
    """Give the application, one in each worker, its own memory of tokens."""
    app.extensions[MEMORY] = PrincipalMemory()


def requires(permission: Permission) -> Callable[[View], View]:
    """Only for those whose role holds `permission`; the view asks `actor()` who it is."""

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(*args: Any, **values: Any) -> Any:
            g.principal = _authenticate()
            g.actor = g.principal.actor(_asked_membership(), client_ip())
            permissions.demand(g.actor, permission)
            return view(*args, **values)

        mark(gated, gate=permission, takes_membership=True)
        return gated  # type: ignore[return-value]  # the wrapper keeps the view's signature

    return decorate


def session(view: View) -> View:
    """Only for who is logged in, also without any membership: one has to see that, and to leave."""

    @wraps(view)
    def gated(*args: Any, **values: Any) -> Any:
        g.principal = _authenticate()
        return view(*args, **values)

    mark(gated, gate=SESSION)
    return gated  # type: ignore[return-value]  # the wrapper keeps the view's signature


def visitor(view: View) -> View:
    """Only for who came by WeChat: with a visitor's pass, or a session that WeChat opened."""

    @wraps(view)
    def gated(*args: Any, **values: Any) -> Any:
        g.visitor = visitors.visitor_of(sessions.digest(token()))
        return view(*args, **values)

    mark(gated, gate=VISITOR)
    return gated  # type: ignore[return-value]  # the wrapper keeps the view's signature


def public(view: View) -> View:
    """Open to anybody, on purpose."""
    return mark(view, gate=PUBLIC)


def actor() -> Actor:
    """Who is asking, in which membership."""
    who: Actor = g.actor
    return who


def visiting() -> Visitor:
    """The WeChat user who asks."""
    who: Visitor = g.visitor
    return who


def principal() -> Principal:
    """The account behind the token, with all its memberships."""
    who: Principal = g.principal
    return who


def membership() -> Standing | None:
    """The membership in use, if there is any, where it takes none to ask. Raises `Forbidden`."""
    return principal().chosen(_asked_membership())


def appid() -> str:
    """The mini-program through which people come; "" without one."""
    ours: str = current_app.config["SETTINGS"].wechat_appid
    return ours


def token() -> str:
    """The bearer token as sent. Raises `Unauthenticated`."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not credentials.strip():
        raise Unauthenticated
    return credentials.strip()


def forget(digest: bytes) -> None:
    """Drop what this process remembers of a token."""
    _memory().forget(digest)


def client_ip() -> str | None:
    """The address of the client, as the server or its trusted proxy reports it."""
    return request.remote_addr


def _asked_membership() -> str | None:
    return request.headers.get("X-Membership")


def _authenticate() -> Principal:
    digest, memory = sessions.digest(token()), _memory()
    found = memory.recall(digest)
    if found is None:
        found = sessions.principal_of(digest)
        memory.keep(digest, found)
    throttling.count_account(found.account_id)
    return found


def _memory() -> PrincipalMemory:
    memory: PrincipalMemory = current_app.extensions[MEMORY]
    return memory
