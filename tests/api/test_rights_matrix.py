"""All routes × all roles × own and foreign, compared with the table of rights.

Foreign is another enterprise, another unit and another area, as far as the right has such bounds.

Not granted is 403 whatever the object. Granted but out of reach is 404. Granted and within reach
is anything but 401, 403 and 404. A route without a row here fails.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.marks import SESSION, Marks
from app.domain.actor import Role
from app.domain.permissions import GRANTS, Permission
from tests.api.inputs import marked_routes
from tests.api.rights import (
    of_case_files,
    of_coordination,
    of_members,
    of_oversight,
    of_pairing,
    of_people,
    of_promises,
    of_pushes,
    of_register,
    of_revisits,
    of_supervision,
    of_tickets,
)
from tests.api.rights.row import NOT_IN_REACH, Row
from tests.api.rights.strangers import strangers
from tests.api.rights.world import World
from tests.applications import rolled_back
from tests.callers import API, signed_in
from tests.problems import refused

ROLES = [role for role in Role if role is not Role.SYSTEM]
NO_VERSION = '"999999999"'
"""Never the present one: who gets as far as the version is told so, and nothing changes."""

ROWS = {
    **of_tickets.ROWS,
    **of_coordination.ROWS,
    **of_register.ROWS,
    **of_members.ROWS,
    **of_supervision.ROWS,
    **of_pairing.ROWS,
    **of_people.ROWS,
    **of_oversight.ROWS,
    **of_promises.ROWS,
    **of_pushes.ROWS,
    **of_case_files.ROWS,
    **of_revisits.ROWS,
}
VISITORS = {
    ("POST", "/auth/phone"),
    ("POST", "/auth/invitation"),
    ("POST", "/auth/membership-request"),
}
"""For who came by WeChat and is nobody yet: `test_phone_binding` and `test_joining`."""
SESSIONS = {
    ("DELETE", "/auth/session"),
    ("GET", "/me"),
    ("DELETE", "/me/wechat"),
    ("POST", "/me/wecom-binding"),
    ("DELETE", "/me/wecom-binding"),
    ("POST", "/me/memberships"),
    ("POST", "/me/password"),
    ("POST", "/me/reauthentication"),
    ("GET", "/me/sessions"),
    ("DELETE", "/me/sessions"),
    ("DELETE", "/me/sessions/{session_id}"),
    ("GET", "/me/second-factor"),
    ("POST", "/me/second-factor"),
    ("POST", "/me/second-factor/confirmation"),
    ("POST", "/me/second-factor/recovery-codes"),
    ("DELETE", "/me/second-factor"),
}
"""For everybody who is logged in, whatever they are, or nothing any more: `test_memberships`."""
PUBLIC = {
    ("POST", "/auth/password"),
    ("POST", "/auth/second-factor"),
    ("POST", "/auth/wechat"),
    ("POST", "/auth/refresh"),
    ("GET", "/attachments/{attachment_id}/content"),
    ("GET", "/program-codes/{code_id}/picture"),
    ("GET", "/privacy-notice"),
    ("GET", "/case-file-key"),
    ("GET", "/wechat/callback"),
    ("POST", "/wechat/callback"),
    ("GET", "/wechat/callbacks/{appid}"),
    ("POST", "/wechat/callbacks/{appid}"),
    ("GET", "/testing/clock"),
    ("POST", "/testing/clock"),
}


def routes(app) -> Iterator[tuple[tuple[str, str], Marks]]:
    for method, rule, marks in marked_routes(app):
        address = re.sub(r"<\w+:(\w+)>", r"{\1}", rule)
        if address.startswith(API):
            yield (method, address.removeprefix(API)), marks


@pytest.fixture
def world(app) -> Iterator[World]:
    """One for each role: a transaction that lives through all of them becomes slow."""
    with rolled_back(app):
        yield World()


def test_every_route_has_its_row(app):
    gated = {key for key, marks in routes(app) if not marks.is_public}
    assert gated == ROWS.keys() | VISITORS | SESSIONS
    assert {key for key, marks in routes(app) if marks.asks_for_right} == ROWS.keys()
    assert {key for key, marks in routes(app) if marks.gate == SESSION} == SESSIONS
    assert {key for key, marks in routes(app) if marks.is_public} == PUBLIC


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_grants_and_no_more(app, world, role):
    barred = Barred.of(world, role)
    asked = [
        (f"{method} {path} as {who} {role.value}", status, right)
        for (method, path), marks in routes(app)
        if marks.asks_for_right
        for who, status, right in verdicts(app, world, barred, (method, path, marks))
    ]
    wrong = [
        f"{told}: {got}, not {sorted(right)}" for told, got, right in asked if got not in right
    ]
    assert not wrong, "\n".join(wrong)
    assert len(asked) >= len(ROWS)


@dataclass(frozen=True)
class Barred:
    """Somebody of a role who asks for what it does not grant: nothing comes of it, so they stay.

    Whoever holds the role is refused alike, before the object is looked for; one is enough.
    """

    role: Role
    token: str
    places: Mapping[str, Any]

    @classmethod
    def of(cls, world: World, role: Role) -> Self:
        insider = world.insider(role, None)
        return cls(role, signed_in(insider), world.places(insider, None, Row().status))


Route = tuple[str, str, Marks]
Verdict = tuple[str, int, frozenset[int]]
"""Who asked, the answer's status, the statuses that the table of rights leads to."""


def verdicts(app: Flask, world: World, barred: Barred, route: Route) -> Iterator[Verdict]:
    method, path, marks = route
    row, permission = ROWS[method, path], Permission(marks.gate or "")
    client, body = app.test_client(), body_of(world, row, marks)
    if barred.role not in GRANTS[permission]:
        address = path.format(**barred.places) + row.query
        yield "own", ask(client, barred.token, method, address, body), frozenset({403})
        return
    scope = GRANTS[row.reach or permission].get(barred.role)
    insider = world.insider(barred.role, scope)
    address = world.address(path, insider, scope, row.status) + row.query
    for who, person in {"own": insider, **strangers(world, barred.role, scope)}.items():
        reached = row.answers(barred.role, own=person is insider)
        status = ask(client, signed_in(person), method, address, body)
        yield who, status, reached if scope else NOT_IN_REACH


def body_of(world: World, row: Row, marks: Marks) -> Mapping[str, Any] | None:
    if marks.gate is Permission.SUBMIT and row.body:
        return {**row.body, "enterprise_id": world.cast.enterprise.id}
    return row.body


def ask(client: FlaskClient, token: str, method: str, address: str, body: Any) -> int:
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": "once",
        "If-Match": NO_VERSION,
    }
    answer = client.open(API + address, method=method, json=body, headers=headers)
    if answer.status_code >= 400:
        refused(answer, answer.status_code)
    return answer.status_code
