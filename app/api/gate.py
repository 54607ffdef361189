"""The gate: who is asking, and may this route be asked by that role at all.

Every view goes through `requires`, `session`, `visitor` or `public`; a test walks all routes.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, request

from app import clock
from app.api import throttling
from app.api.marks import PUBLIC, SESSION, VISITOR, View, mark, marks_of
from app.api.principals import PrincipalMemory
from app.domain import permissions
from app.domain.actor import Actor
from app.domain.errors import Unauthenticated
from app.domain.permissions import Permission
from services.accounts import principals, sessions, visitors
from services.accounts.principals import Principal, Restriction, Standing
from services.accounts.restrictions import REFUSALS, ReauthenticationRequired
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
    eases = marks_of(view).eases

    @wraps(view)
    def gated(*args: Any, **values: Any) -> Any:
        g.principal = _authenticate(eases)
        return view(*args, **values)

    mark(gated, gate=SESSION)
    return gated  # type: ignore[return-value]  # the wrapper keeps the view's signature


def eases(*restrictions: Restriction) -> Callable[[View], View]:
    """Beneath `session`: open also to a session that has to do something else first."""

    def decorate(view: View) -> View:
        return mark(view, eases=frozenset(restrictions))

    return decorate


def needs_fresh(view: View) -> View:
    """Beneath the gate: only for who has proved a moment ago who it is.

    Another process may have heard the proof, so a session that seems stale is read again.
    """

    @wraps(view)
    def gated(*args: Any, **values: Any) -> Any:
        if not principal().is_fresh(at=clock.real()):
            g.principal = _known_anew(sessions.digest(token()))
        if not principal().is_fresh(at=clock.real()):
            raise ReauthenticationRequired
        return view(*args, **values)

    mark(gated, needs_fresh=True)
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


def restriction() -> Restriction | None:
    """What the session has to do before anything else."""
    return principal().restriction(_second_factor())


def membership() -> Standing | None:
    """The membership in use, if there is any, where it takes none to ask. Raises `Forbidden`."""
    return principal().chosen(_asked_membership())


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


def _authenticate(eased: frozenset[str] = frozenset()) -> Principal:
    digest = sessions.digest(token())
    found = _memory().recall(digest) or _known_anew(digest)
    throttling.count_account(found.account_id)
    restriction = found.restriction(_second_factor())
    if restriction is not None and restriction not in eased:
        raise REFUSALS[restriction]
    return found


def _known_anew(digest: bytes) -> Principal:
    """As the database has it. A restricted session is not remembered: it ends in any process."""
    found = principals.principal_of(digest)
    if found.restriction(_second_factor()) is None:
        _memory().keep(digest, found)
    return found


def _second_factor() -> str:
    setting: str = current_app.config["SETTINGS"].staff_second_factor
    return setting


def _memory() -> PrincipalMemory:
    memory: PrincipalMemory = current_app.extensions[MEMORY]
    return memory
