"""What holds for every request: its id, its size, type and shape, the business clock."""

import re
import uuid
from datetime import timedelta

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from app import clock
from app.api import health, throttling
from app.api.blueprints import asked_marks
from app.api.marks import Marks
from app.api.parser import MULTIPART, PARSER
from app.api.schemas.fields import MAX_ID, Strict
from services import business_clock
from services.health import prepared

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
NO_CONTENT = 204
JSON_BYTES = 256 * 1024
BODY_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class TicketNumber(BaseConverter):
    """A ticket's number in a path; anything else is no address at all."""

    regex = r"[A-Z]{2,4}[0-9]{8}-[0-9]{6}"


class ProgramId(BaseConverter):
    """The appid of a mini-program in a path."""

    regex = r"wx[0-9a-f]{16}"


class Nothing(Strict):
    """What a route takes from a place that it does not look at."""


class Identifier(IntegerConverter):
    """The id of a stored object in a path; what is longer than any is no address."""

    regex = "[1-9][0-9]{0,17}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=MAX_ID)


def register(app: Flask) -> None:
    """Hook into every request."""
    app.url_map.converters["number"] = TicketNumber
    app.url_map.converters["id"] = Identifier
    app.url_map.converters["program"] = ProgramId
    # Else two slashes in an address would be answered by a page of HTML that leads elsewhere.
    app.url_map.merge_slashes = False
    throttling.register(app)
    for step in (_name_request, _check_shape, _set_clock):
        app.before_request(step)
    app.after_request(_finish)


def _name_request() -> None:
    sent = request.headers.get("X-Request-ID", "")
    g.request_id = sent if REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex


def _check_shape() -> None:
    """Strangers do not ask too often; what is sent fits the route, and nothing is sent in vain.

    A body of a route that takes none may be an empty object, as some clients always send one.
    """
    marks = asked_marks()
    throttling.count_stranger(marks)
    if marks is None or request.method == "OPTIONS":
        return
    if not request.query_string.isascii():
        raise BadRequest
    is_writing = request.method in BODY_METHODS
    if is_writing and (request.content_length or "Transfer-Encoding" in request.headers):
        _limit_body(marks)
    if marks.reads_raw:
        return
    if request.query_string and "query" not in marks.takes:
        PARSER.parse(Nothing, location="query")
    if is_writing and not marks.takes_body:
        PARSER.parse(Nothing, location="json")


def _limit_body(marks: Marks) -> None:
    is_form = MULTIPART in marks.takes
    fitting = "multipart/form-data" if is_form else "application/json"
    if request.mimetype != fitting and not marks.reads_raw:
        raise UnsupportedMediaType
    if not is_form:
        # One byte more tells a body that is too long from one that fills its limit: of a stream
        # without an announced length Werkzeug would silently give the beginning.
        request.max_content_length = JSON_BYTES + 1
        if len(request.get_data()) > JSON_BYTES:
            raise RequestEntityTooLarge


def _set_clock() -> None:
    """Outside production business time may run ahead; the offset is read for each request.

    Not for the probes, which must answer without a database.
    """
    if current_app.config["BUSINESS_CLOCK_MOVES"] and request.blueprint != health.blueprint.name:
        with prepared():
            clock.set_offset(timedelta(seconds=business_clock.offset_seconds()))


def _finish(response: Response) -> Response:
    response = throttling.finish(response)
    headers = response.headers
    headers.add("X-Request-ID", g.request_id)
    headers.add("X-Content-Type-Options", "nosniff")
    if "Cache-Control" not in headers:
        headers.add("Cache-Control", "no-store")
    if response.status_code == NO_CONTENT or request.method == "OPTIONS":
        headers.pop("Content-Type", None)
    return response
