"""限流: so many requests a minute of each account, in each process; of each address where nobody
is known. Log-ins and uploads are counted in the database besides (`services.accounts.rate_limits`).
"""

from collections.abc import Hashable
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g, request

from app import clock
from app.api.blueprints import asked_marks
from app.api.marks import Marks
from app.api.problems import refusal
from app.domain.errors import TooManyRequests
from app.domain.throttle import Throttle

THROTTLES = "guanjia.throttles"
NOT_COUNTED = object()


class Throttles(NamedTuple):
    """The two limits of a process."""

    account: Throttle
    address: Throttle


def register(app: Flask) -> None:
    """Give the application, one in each process, its own counts."""
    settings = app.config["SETTINGS"]
    app.extensions[THROTTLES] = Throttles(
        Throttle("account", settings.account_requests_per_minute),
        Throttle("address", settings.address_requests_per_minute),
    )


def count_stranger(marks: Marks | None) -> None:
    """Count who uses what needs no session. Raises `TooManyRequests`."""
    if marks and not (marks.needs_session or marks.is_unlimited):
        _count_address()


def count_account(account_id: int) -> None:
    """Count who is logged in. Raises `TooManyRequests`."""
    _count(_throttles().account, account_id)


def finish(response: Response) -> Response:
    """Tell what is left; what was refused before anybody was known counts for its address."""
    left = g.get("allowance", NOT_COUNTED)
    if left is NOT_COUNTED:
        response, left = _counted_late(response)
    if left:
        throttle, rest = left
        response.headers.add("RateLimit-Policy", throttle.policy)
        field = f'"{throttle.name}";r={rest.remaining};t={rest.reset}'
        response.headers.add("RateLimit", field)
    return response


def _counted_late(response: Response) -> tuple[Response, Any]:
    if not _is_unlimited():
        try:
            _count_address()
        except TooManyRequests as error:
            response = refusal(error)
    return response, g.get("allowance")


def _count_address() -> None:
    _count(_throttles().address, request.remote_addr)


def _count(throttle: Throttle, caller: Hashable) -> None:
    if not throttle.is_on:
        g.allowance = None
        return
    rest = throttle.take(caller, at=clock.real())
    g.allowance = (throttle, rest)
    if rest.is_exceeded:
        raise TooManyRequests(rest.reset)


def _is_unlimited() -> bool:
    """Whether this is asked by machines of ours or WeChat's, or is a page of the documentation."""
    marks = asked_marks()
    return marks.is_unlimited if marks else request.endpoint is not None


def _throttles() -> Throttles:
    throttles: Throttles = current_app.extensions[THROTTLES]
    return throttles
