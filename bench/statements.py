"""How many statements a request costs: asked once in this process, and listened to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask

from app import clock
from bench.driving import WrongAnswer
from bench.errands import Errand
from bench.wire import Answer


@contextmanager
def listening() -> Iterator[list[str]]:
    """The statements that all engines of this process send meanwhile, BEGIN and COMMIT left out."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        heard.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", hear)


def count_statements(app: Flask, errand: Errand) -> int:
    """Statements of the second of two requests: what the first remembers, every day remembers."""
    with clock.frozen(clock.real()):
        ask(app, errand)
        with listening() as heard:
            ask(app, errand)
    return len(heard)


def ask(app: Flask, errand: Errand) -> None:
    """One job of an errand, without a server."""
    following = errand.ask()
    if following is None:
        raise WrongAnswer("nothing to ask")
    request, check = following
    headers: Mapping[str, str] = request.headers
    client = app.test_client()
    response = client.open(request.path, method=request.method, headers=headers, json=request.body)
    check(Answer(response.status_code, response.get_data()))
