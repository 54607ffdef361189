"""Every route names who may use it, and stands in the OpenAPI document under a stable name."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.factory import create_app
from tests.applications import settings
from tests.architecture.tree import Function, dotted, sources

API = "/api/v1"
DOCUMENTATION = ("/api/docs", "/api/openapi.json")
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Flask:
    """The whole application, testing routes included; its database is never asked."""
    nowhere = "postgresql+psycopg://nobody@127.0.0.1/nothing"
    return create_app(settings(nowhere, tmp_path_factory.mktemp("home")))


def routes(app: Flask) -> Iterator[tuple[str, str, Any]]:
    """(method, address as OpenAPI writes it, view), documentation pages and files left out."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.rpartition(".")[2] == "static" or rule.rule.startswith(DOCUMENTATION):
            continue
        address = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) & METHODS):
            yield method, address, app.view_functions[rule.endpoint]


def operations(app: Flask) -> dict[tuple[str, str], dict[str, Any]]:
    """The operations of the OpenAPI document by (method, address)."""
    document = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return {
        (method.upper(), address): operation
        for address, item in document["paths"].items()
        for method, operation in item.items()
        if method.upper() in METHODS
    }


def test_every_route_is_gated(app):
    open_doors = [
        f"{method} {address}"
        for method, address, view in routes(app)
        if not getattr(view, "gate", None)
    ]
    assert len(list(routes(app))) > 40
    assert not open_doors, f"use @requires(…) or, on purpose, @public: {open_doors}"


def decorators(function: Function) -> list[str]:
    """What stands above a function, outermost first: `blueprint.route`, `gate.requires`, …"""
    return [dotted(getattr(mark, "func", mark)) for mark in function.decorator_list]


def test_nothing_is_read_before_the_gate():
    early = [
        f"{source.at(function)} {function.name}"
        for source in sources("app/api")
        for function in source.functions()
        for marks in [decorators(function)]
        if marks and marks[0].endswith(".route") and not marks[1].startswith("gate.")
    ]
    assert not early, f"who asks comes before what is asked: {early}"


def test_every_route_is_documented(app):
    known = operations(app)
    hidden = [
        f"{method} {address}"
        for method, address, _ in routes(app)
        if address.startswith(API) and (method, address) not in known
    ]
    assert not hidden


def test_every_operation_has_a_stable_name_and_a_sentence(app):
    known = operations(app)
    names = [str(operation.get("operationId", "")) for operation in known.values()]
    silent = [key for key, operation in known.items() if not operation.get("summary")]
    assert all(names), [key for key, it in known.items() if not it.get("operationId")]
    assert len(names) == len(set(names)), sorted({n for n in names if names.count(n) > 1})
    assert not silent


def test_every_operation_says_what_can_go_wrong(app):
    mute = [
        key
        for key, operation in operations(app).items()
        if not {"default", "4XX"} & set(operation["responses"])
        and not any(str(status).startswith("4") for status in operation["responses"])
    ]
    assert not mute
