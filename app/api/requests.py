"""What holds for every request: its id, its size and type, the business clock."""

import re
import uuid
from datetime import timedelta

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from app import clock
from app.api.schemas.fields import MAX_ID
from services import business_clock

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
JSON_BYTES = 256 * 1024
BODY_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
BODY_TYPES = frozenset({"application/json", "multipart/form-data"})


class TicketNumber(BaseConverter):
    """A ticket's number in a path; anything else is no address at all."""

    regex = r"[A-Z]{2,4}[0-9]{8}-[0-9]{6}"


class Identifier(IntegerConverter):
    """The id of a stored object in a path."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=MAX_ID)


def register(app: Flask) -> None:
    """Hook into every request."""
    app.url_map.converters["number"] = TicketNumber
    app.url_map.converters["id"] = Identifier
    app.before_request(_name_request)
    app.before_request(_limit_body)
    app.before_request(_set_clock)
    app.after_request(_finish)


def _name_request() -> None:
    sent = request.headers.get("X-Request-ID", "")
    g.request_id = sent if REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex


def _limit_body() -> None:
    """JSON bodies are small; anything but JSON and uploads is refused."""
    if request.method not in BODY_METHODS or not (
        request.content_length or "Transfer-Encoding" in request.headers
    ):
        return
    if request.mimetype not in BODY_TYPES:
        raise UnsupportedMediaType
    if request.mimetype == "application/json":
        request.max_content_length = JSON_BYTES


def _set_clock() -> None:
    """Outside production business time may run ahead; the offset is read for each request."""
    if current_app.config["BUSINESS_CLOCK_MOVES"]:
        clock.set_offset(timedelta(seconds=business_clock.offset_seconds()))


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
