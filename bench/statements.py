"""How many statements a request costs: asked in this process, counted as the product's log does."""

from flask import Flask

from app import clock, statements
from bench.driving import Check, WrongAnswer
from bench.errands import API, Errand
from bench.wire import Answer, Request


def count_statements(app: Flask, errand: Errand) -> int:
    """Statements of the second of two requests, BEGIN and COMMIT left out.

    What the first remembers, every day remembers; who asks, a server remembers for some seconds.
    """
    with clock.frozen(clock.real()):
        _ask(app, *_next(errand))
        request, check = _next(errand)
        app.test_client().get(f"{API}/me", headers=request.headers)
        _ask(app, request, check)
    return statements.present().statements


def _next(errand: Errand) -> tuple[Request, Check]:
    following = errand.ask()
    if following is None:
        raise WrongAnswer("nothing to ask")
    return following


def _ask(app: Flask, request: Request, check: Check) -> None:
    """One job, without a server."""
    client = app.test_client()
    response = client.open(
        request.path, method=request.method, headers=request.headers, json=request.body
    )
    check(Answer(response.status_code, response.get_data()))
