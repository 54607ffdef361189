"""The largest, smallest and oddest values that the fields take: taken or refused, never a fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from app import clock
from app.api.schemas import fields as own
from app.api.schemas.actions.intake import SubmissionBody
from app.api.schemas.examples import EXAMPLES
from app.api.ticket_actions.action import Action
from app.api.ticket_actions.routes import ACTIONS
from app.db import db
from app.domain.actor import Role
from app.domain.permissions import GRANTS
from tests.api.inputs import input_schemas
from tests.api.rights.world import World
from tests.api.test_rights_matrix import ROWS
from tests.applications import rolled_back
from tests.callers import API, Caller
from tests.factories import MONDAY, make_account

LATER = MONDAY + timedelta(hours=1)
LISTS = {
    "/tickets": "TicketQuery",
    "/assignments": "AssignmentQuery",
    "/areas": "AreaQuery",
    "/organisations": "OrganisationQuery",
    "/enterprises": "EnterpriseQuery",
    "/housekeepers": "HousekeeperQuery",
    "/calendar/days": "CalendarQuery",
    "/reports/closure": "ClosureQuery",
    "/me/messages": "MessageQuery",
    "/accounts": "AccountQuery",
}
A_WHILE = {"from": "2026-01-01", "to": "2026-03-01"}
NEEDED_BY = {"/calendar/days": A_WHILE, "/reports/closure": A_WHILE}
EDGES: dict[type[Any], tuple[Any, ...]] = {
    own.Flag: (True, False),
    own.Day: ("2000-01-01", "2100-12-31"),
    own.Instant: ("2000-01-01T00:00:00+23:59", "2100-12-31T23:59:59.999999-23:59"),
}
FORGED_CURSORS = ("eyJhIjoxfQ", "e30", "AAAA", "W10", "WyJkdWVfYXQiLDFd", "=", "💥")


def odd_words(field: own.Text) -> Iterator[str]:
    for word in ("🏭", "'", "%", "\\", "ａ", "\u202e", "\U0010ffff"):
        yield word * field._longest
    yield "{0}{x}%s" + "x" * field._shortest
    yield "a\nb\tc" + "x" * field._shortest


def extremes(field: Any) -> Iterator[Any]:
    """Values at the edges of what `field` takes."""
    if isinstance(field, own.Text):
        yield from odd_words(field)
    elif isinstance(field, own.Number):
        yield from (field._least, field._most)
    elif isinstance(field, own.Choice):
        yield from (one.value for one in field.enum)
    elif isinstance(field, own.Word):
        yield from field.validators[0].choices  # type: ignore[attr-defined]  # a OneOf
    elif type(field) in EDGES:
        yield from EDGES[type(field)]
    elif isinstance(field, own.Listed):
        yield [inner for inner, _ in zip(extremes(field.inner), range(field._most), strict=False)]


@pytest.fixture(scope="module")
def world(app) -> Iterator[World]:
    """Each request is undone, so that all tests of this file may share it."""
    with rolled_back(app):
        yield World()


@contextmanager
def undone() -> Iterator[None]:
    savepoint = db.session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        db.session.expire_all()


def varied(schema: Any) -> Iterator[dict[str, Any]]:
    """The example of a body with each field in turn at each of its edges."""
    for name, field in schema._declared_fields.items():
        for extreme in extremes(field):
            yield {**EXAMPLES[schema], name: extreme}


def faults(caller: Caller, path: str, schema: Any, version: int) -> list[str]:
    """Answers that are neither a success nor a refusal of what was filled in."""
    found = []
    headers = caller.headers(version) | {"Idempotency-Key": "once"}
    for body in varied(schema):
        with clock.frozen(LATER), undone():
            answer = caller.client.post(API + path, json=body, headers=headers)
        if answer.status_code not in {200, 201, 403, 409, 422}:
            found.append(f"{answer.status_code} for {body}: {answer.text}")
    return found


ON_TICKETS = [action for action in ACTIONS if not action.is_of_unit]


@pytest.mark.parametrize("action", ON_TICKETS, ids=lambda action: action.noun)
def test_actions_take_extremes_or_refuse_them(app, world, action: Action):
    role, scope = next(iter(GRANTS[action.permission].items()))
    status = ROWS["POST", f"/tickets/{{number}}/{action.noun}"].status
    ticket = world.tickets[status].ticket
    path, version = f"/tickets/{ticket.number}/{action.noun}", ticket.version
    with clock.frozen(LATER):
        caller = Caller(app.test_client(), world.insider(role, scope))
    assert faults(caller, path, action.body, version) == []


@pytest.mark.parametrize("role", [Role.ENTERPRISE_ADMIN, Role.OPERATOR])
def test_submissions_take_extremes_or_refuse_them(app, world, role):
    with clock.frozen(LATER):
        caller = Caller(app.test_client(), world.insider(role, None))
    assert faults(caller, "/tickets", SubmissionBody, 1) == []


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.HANDLER, Role.ENTERPRISE_STAFF])
def test_lists_take_extremes_or_refuse_them(app, world, path, role):
    [query] = [schema for schema in input_schemas() if schema.__name__ == LISTS[path]]
    caller = Caller(app.test_client(), make_account(role))
    for name, field in query._declared_fields.items():
        tried = [*extremes(field), *(FORGED_CURSORS if name == "cursor" else ())]
        for value in tried:
            said = str(value).lower() if isinstance(value, bool) else value
            asked = urlencode(NEEDED_BY.get(path, {}) | {field.data_key or name: said})
            answer = caller.get(f"{path}?{asked}")
            assert answer.status_code in {200, 403, 422}, (asked, answer.text)
