"""The inputs of the API as its routes take them, for tests that walk all of them."""

from collections.abc import Iterator
from typing import Any

import marshmallow
from flask import Flask

from app.api import routes
from app.api.blueprints import Resource
from app.api.marks import Marks, marks_of
from app.api.schemas.fields import Strict


def input_schemas() -> list[type[marshmallow.Schema]]:
    """Every schema that loads what somebody sends, in the order of their names."""
    assert routes.RESOURCES
    found = [Strict]
    for schema in found:
        found += schema.__subclasses__()
    ours = {schema for schema in found if schema.__module__.startswith("app.api")}
    return sorted(ours, key=lambda schema: (schema.__name__, schema.__module__))


def marked_routes(app: Flask) -> Iterator[tuple[str, str, Marks]]:
    """(method, rule, marks) of every route of a resource."""
    for rule in app.url_map.iter_rules():
        blueprint = app.blueprints.get(rule.endpoint.rpartition(".")[0])
        if isinstance(blueprint, Resource):
            view = app.view_functions[rule.endpoint]
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule.rule, marks_of(view)


def load_errors(schema: type[marshmallow.Schema], sent: Any) -> Any:
    """What is wrong with `sent`, as marshmallow says it; {} when nothing is."""
    try:
        schema().load(sent)
    except marshmallow.ValidationError as refusal:
        return refusal.messages
    return {}
