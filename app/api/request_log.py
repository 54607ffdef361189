"""The log of requests: a line each, who asked which route, how long it took, with what work.

Never an address, a header or a body: of these only what is ours is told, the route and the ids.
Every request pays for this, so nothing is asked twice, and a proxy of Flask's not more than once.
"""

import logging
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from werkzeug.routing import Rule

from app import clock, statements
from app.api import health

log = logging.getLogger("guanjia.requests")

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PROBES = f"{health.blueprint.name}."

# What a record of logging has, filled in once: searching the stack for who calls it, and asking for
# the process and the thread, would take longer than all the rest.
_ALIKE = vars(logging.makeLogRecord({"name": log.name, "msg": "request"}))


def register(app: Flask, slow_ms: int) -> None:
    """Time every request from its first moment; to be registered before all other hooks.

    What is registered first is called last when a request is finished: the line tells of the
    answer as it goes out. A request that took `slow_ms` or longer is marked as slow.
    """
    serve = app.wsgi_app

    def timed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        statements.begin(place)
        return serve(environ, start_response)

    app.wsgi_app = timed  # type: ignore[method-assign]  # the way Flask documents
    app.after_request(partial(_write, slow_ms))


def place() -> Mapping[str, Any]:
    """Which request this is, for other lines of the log; nothing once it is over."""
    if not has_request_context():
        return {}
    return {"request_id": g.get("request_id"), "route": _route(request.url_rule)}


def _write(slow_ms: int, response: Response) -> Response:
    rule = request.url_rule
    is_probe = rule is not None and rule.endpoint.startswith(PROBES)
    level = logging.DEBUG if is_probe else logging.INFO
    if log.isEnabledFor(level):
        log.handle(_record(level, _told(slow_ms, rule, response)))
    return response


def _told(slow_ms: int, rule: Rule | None, response: Response) -> dict[str, Any]:
    kept, tally = vars(g), statements.present()
    principal, actor = kept.get("principal"), kept.get("actor")
    method, ms = request.method, tally.milliseconds()
    return {
        "request_id": kept.get("request_id"),
        "method": method if method in METHODS else None,
        "route": _route(rule),
        "status": response.status_code,
        "account_id": principal and principal.account_id,
        "membership_id": actor and actor.membership_id,
        "ms": ms,
        "statements": tally.statements,
        "sql_ms": tally.sql_milliseconds(),
        "bytes": response.calculate_content_length() if response.is_sequence else None,
        "slow": ms >= slow_ms,
    }


def _route(rule: Rule | None) -> str | None:
    """The rule with its placeholders unfilled; None for an address that we do not have."""
    return None if rule is None else rule.rule


def _record(level: int, fields: dict[str, Any]) -> logging.LogRecord:
    record = logging.LogRecord.__new__(logging.LogRecord)
    vars(record).update(
        _ALIKE,
        levelno=level,
        levelname=logging.getLevelName(level),
        created=clock.real().timestamp(),
        fields=fields,
    )
    return record
