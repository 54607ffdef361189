"""What was sent, as Python values: strict JSON, single query parameters, forms with files."""

import json
from copy import copy
from functools import cache
from typing import Any, NoReturn

from flask import Request, request
from marshmallow import RAISE, Schema, ValidationError
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.api.messages import Message

MULTIPART = "multipart"
"""Location of a form whose fields and files make up one body."""


QUERIES_KEPT = 2_000


class StrictParser(FlaskParser):
    """Refuses what it does not know, in the query as in the body, and what is said twice."""

    __location_map__ = FlaskParser.__location_map__ | {MULTIPART: "load_multipart"}
    DEFAULT_UNKNOWN_BY_LOCATION = dict.fromkeys(("json", "query", MULTIPART), RAISE)

    def __init__(self) -> None:
        super().__init__()
        self._queries: dict[tuple[Schema, bytes], Any] = {}

    def parse(self, argmap: Any, req: Request | None = None, **options: Any) -> Any:
        """As webargs does, with one instance of each schema: making it costs more than using it.

        A query says the same whoever asks, so what one says is remembered.
        """
        schema = _instance(argmap)
        if options.get("location") != "query":
            return super().parse(schema, req, **options)
        key = (schema, (req or request).query_string)
        said = self._queries.get(key)
        if said is None:
            said = super().parse(schema, req, **options)
            if len(self._queries) >= QUERIES_KEPT:
                self._queries.clear()
            self._queries[key] = said
        return copy(said)

    def load_json(self, req: Request, _: Schema) -> Any:
        """The body as JSON; without a body, no fields. Raises `BadRequest`."""
        body = req.get_data()
        return parse_json(body) if body else missing

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        return self._makeproxy(_once(req.args), schema)

    def load_multipart(self, req: Request, schema: Schema) -> Any:
        parts = [*req.form.items(multi=True), *req.files.items(multi=True)]
        return self._makeproxy(_once(MultiDict(parts)), schema)


def parse_json(body: bytes) -> Any:
    """JSON after RFC 8259 and no more: UTF-8, no NaN, no member twice, no depth without end.

    Raises `BadRequest`.
    """
    try:
        return json.loads(
            body.decode(), object_pairs_hook=_members, parse_constant=_refuse_constant
        )
    # Besides malformed text: numbers of thousands of digits, and nesting beyond the stack.
    except (ValueError, RecursionError):
        raise BadRequest from None


@cache
def _instance(schema: type[Schema]) -> Schema:
    return schema()


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _once(values: MultiDict[str, Any]) -> MultiDict[str, Any]:
    repeated = {
        name: [Message("repeated", "只能出现一次。")]
        for name, given in values.lists()
        if len(given) > 1
    }
    if repeated:
        raise ValidationError(repeated)
    return values


PARSER = StrictParser()
