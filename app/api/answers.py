"""Answers: prepared values as JSON, with the headers that go with them."""

from typing import Any

import orjson
from flask import Response


def answer(
    body: Any, status: int = 200, *, version: int | None = None, location: str | None = None
) -> Response:
    """`body` (dicts, lists, aware datetimes) as JSON; `version` becomes the ETag."""
    made = Response(orjson.dumps(body), status, mimetype="application/json")
    if version is not None:
        made.headers["ETag"] = f'"{version}"'
    if location is not None:
        made.headers["Location"] = location
    made.headers["Cache-Control"] = "no-store"
    return made


def nothing() -> Response:
    """204."""
    return Response(status=204)
