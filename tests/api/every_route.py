"""Every route of the resources, with an address that is there and somebody who may ask it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.api.marks import VISITOR, Marks
from app.domain.actor import Role
from app.domain.permissions import GRANTS, Permission, Scope
from services.accounts import visitors
from services.accounts.visitors import Visitor
from tests.api.inputs import marked_routes
from tests.api.rights.row import Row
from tests.api.rights.world import World
from tests.api.test_rights_matrix import NO_VERSION, ROWS
from tests.callers import API, signed_in
from tests.factories import APPID, Person

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Stop:
    """One route of a walk. `body` is one that it takes, as far as it takes JSON."""

    client: FlaskClient
    method: str
    rule: str
    marks: Marks
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any] | None

    @property
    def is_writing(self) -> bool:
        return self.method in WRITING

    def ask(self, query: str = "", /, **options: Any) -> TestResponse:
        """Ask as whoever may, with a version that never matches; `headers` go over the usual."""
        headers = {**self.headers, **options.pop("headers", {})}
        sent = {name: value for name, value in headers.items() if value is not None}
        joined = "&" if "?" in self.path else "?"
        path = self.path + (joined + query if query else "")
        method = options.pop("method", self.method)
        return self.client.open(path, method=method, headers=sent, **options)

    def ask_well(self, **options: Any) -> TestResponse:
        """Ask with the body that the route takes."""
        return self.ask(**options) if self.body is None else self.ask(json=self.body, **options)


def walk(app: Flask, world: World) -> Iterator[Stop]:
    """All routes, in the order of the application's map."""
    insider = cache(world.insider)
    for method, rule, marks in marked_routes(app):
        address = re.sub(r"<\w+:(\w+)>", r"{\1}", rule)
        row = ROWS.get((method, address.removeprefix(API)), Row())
        role, scope = somebody(marks, row)
        person = insider(role, scope)
        path = world.address(address, person, scope, row.status) + row.query
        headers = _headers(marks, person)
        yield Stop(app.test_client(), method, rule, marks, path, headers, _body(row, marks, world))


def somebody(marks: Marks, row: Row) -> tuple[Role, Scope | None]:
    """A role that may ask, and how far its right reaches."""
    if not marks.asks_for_right:
        return Role.ENTERPRISE_ADMIN, None
    asked = GRANTS[Permission(marks.gate or "")]
    reaching = GRANTS[row.reach] if row.reach else asked
    return next((role, scope) for role, scope in reaching.items() if role in asked)


def _headers(marks: Marks, person: Person) -> dict[str, str]:
    if marks.is_public:
        return {}
    if marks.gate == VISITOR:
        token = visitors.admit(Visitor(APPID, "oWalkThroughAllOfTheRoutes00")).access_token
    else:
        token = signed_in(person)
    asked = {"Idempotency-Key": marks.needs_key, "If-Match": marks.needs_version}
    values = {"Idempotency-Key": "walk", "If-Match": NO_VERSION}
    needed = {name: values[name] for name, is_asked in asked.items() if is_asked}
    return {"Authorization": f"Bearer {token}"} | needed


def _body(row: Row, marks: Marks, world: World) -> Mapping[str, Any] | None:
    if marks.gate is Permission.SUBMIT and row.body:
        return {**row.body, "enterprise_id": world.cast.enterprise.id}
    return row.body
