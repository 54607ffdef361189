"""Who reads what: everybody the own tickets, whichever way they ask, and nobody another's."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app.domain.actor import Role
from app.domain.facts.intake import Submission
from app.domain.permissions import GRANTS, Permission
from tests.api.rights.strangers import ELSEWHERE, strangers
from tests.api.rights.world import STATUSES, World
from tests.applications import rolled_back
from tests.callers import Caller
from tests.factories import (
    OTHER_COUNTY,
    make_account,
    make_cast,
    make_enterprise,
    make_organisation,
    make_ticket,
)
from tests.problems import refused

HERE = "210302"
SECRETLY = Submission("对窗口的投诉", "办理中遇到推诿，请保密处理。", is_confidential=True)
ASSIGNED = {"handling", "feedback", "revisiting", "evaluating"}
SEEN = {
    Role.ENTERPRISE_ADMIN: {*STATUSES, "confidential"},
    Role.ENTERPRISE_STAFF: {*STATUSES, "confidential"},
    Role.HOUSEKEEPER: set(STATUSES),
    Role.DEPUTY_HOUSEKEEPER: set(STATUSES),
    Role.OPERATOR: set(STATUSES),
    Role.COORDINATOR: {*STATUSES, "confidential"},
    Role.SUPERVISOR: {*STATUSES, "confidential"},
    Role.HANDLER: ASSIGNED,
    Role.UNIT_APPROVER: ASSIGNED,
    Role.CO_HANDLER: ASSIGNED,
    Role.REVISITOR: {"revisiting"},
}
"""Of the world's tickets, all taken in by its desk but the confidential one; none of elsewhere."""

BLIND = [role for role in Role if role not in SEEN and role is not Role.SYSTEM]
AREA_WIDE = {Role.COORDINATOR, Role.SUPERVISOR, Role.REVISITOR, Role.OPERATOR}


@pytest.fixture(scope="module")
def world(app) -> Iterator[World]:
    """The world with a confidential ticket more, and tickets of elsewhere beside it.

    Reading changes nothing in it, so that all tests of this file may share it.
    """
    with rolled_back(app):
        world = World()
        world.tickets["confidential"] = make_ticket("submitted", world.cast, submit=SECRETLY)
        elsewhere = make_cast(make_enterprise(area_code=OTHER_COUNTY))
        elsewhere.coordinator.membership.area_prefix = ELSEWHERE
        for status in ("submitted", "handling", "revisiting"):
            world.tickets[f"foreign {status}"] = make_ticket(status, elsewhere)
        yield world


@pytest.fixture
def client(app, world) -> FlaskClient:
    return app.test_client()


def insider(client, world: World, role: Role) -> Caller:
    person = world.insider(role, GRANTS[Permission.READ_TICKETS].get(role))
    if role in AREA_WIDE:
        person.membership.area_prefix = HERE
    return Caller(client, person)


def listed(caller: Caller, path: str = "/tickets?") -> set[str]:
    answer = caller.get(f"{path}&limit=100")
    assert answer.status_code == 200, answer.text
    return {item["number"] for item in answer.json["items"]}


def ways_in(caller: Caller, number: str) -> Iterator[tuple[str, int]]:
    for way in ("", "/events", "/deadline"):
        yield way, caller.get(f"/tickets/{number}{way}").status_code


def test_every_role_that_reads_tickets_is_looked_at():
    readers = {role for role in GRANTS[Permission.READ_TICKETS] if role is not Role.SYSTEM}
    assert SEEN.keys() == readers


@pytest.mark.parametrize("role", SEEN)
def test_a_role_reads_its_own_tickets_in_every_way_and_no_other_in_any(client, world, role):
    caller = insider(client, world, role)
    numbers = {name: case.number for name, case in world.tickets.items()}
    own = {numbers[name] for name in SEEN[role]}
    assert listed(caller) == own
    for number in numbers.values():
        expected = 200 if number in own else 404
        assert set(ways_in(caller, number)) == {
            (way, expected) for way in ("", "/events", "/deadline")
        }


@pytest.mark.parametrize("role", BLIND)
def test_a_role_that_reads_no_tickets_reads_none(client, world, role):
    caller = Caller(client, world.insider(role, None))
    refused(caller.get("/tickets"), 403)
    number = world.tickets["revisiting"].number
    assert {status for _, status in ways_in(caller, number)} == {403}


@pytest.mark.parametrize("role", SEEN)
def test_searching_and_filtering_find_no_more_than_the_list(client, world, role):
    caller = insider(client, world, role)
    own = listed(caller)
    foreign = world.tickets["foreign submitted"]
    enterprise = foreign.cast.enterprise.id
    assert listed(caller, f"/tickets?q={foreign.number}") == set()
    assert listed(caller, f"/tickets?enterprise={enterprise}") == set()
    assert listed(caller, f"/tickets?area={OTHER_COUNTY}") == set()
    assert listed(caller, f"/tickets?q={quote('用电')}") <= own
    assert listed(caller, "/tickets?queue=open") <= own
    assert listed(caller, "/tickets?queue=todo") <= own


@pytest.mark.parametrize("role", [*SEEN, Role.AUDITOR, Role.SYS_ADMIN])
def test_a_file_is_read_with_its_ticket(client, world, role):
    path = f"/attachments/{world.attachment_id}"
    own = insider(client, world, role).get(path)
    assert own.status_code == (200 if "revisiting" in SEEN.get(role, ()) else 404)
    for stranger in strangers(world, role, GRANTS[Permission.READ_TICKETS].get(role)).values():
        assert Caller(client, stranger).get(path).status_code == 404


def test_a_call_belongs_to_the_desk_that_took_it_until_somebody_has_to_call_back(client, world):
    other_desk = Caller(client, make_account(Role.OPERATOR, organisation_id=make_organisation().id))
    for status, answered in (("submitted", 404), ("handling", 404), ("revisiting", 200)):
        assert other_desk.get(f"/tickets/{world.tickets[status].number}").status_code == answered


def test_messages_tell_of_own_tickets_and_are_read_by_their_owner(client, world):
    for member in ("applicant", "housekeeper", "handler", "coordinator"):
        caller = Caller(client, getattr(world.cast, member))
        messages = caller.get("/me/messages?limit=100").json["items"]
        assert messages, member
        told = {message["ticket_number"] for message in messages}
        assert told <= {world.tickets[name].number for name in (*STATUSES, "confidential")}
        stranger = Caller(client, make_account(Role.SUPERVISOR))
        refused(stranger.post(f"/me/messages/{messages[0]['id']}/read"), 404)


def test_what_is_confidential_does_not_exist_for_the_housekeeper(client, world):
    number = world.tickets["confidential"].number
    for role in (Role.HOUSEKEEPER, Role.DEPUTY_HOUSEKEEPER):
        caller = insider(client, world, role)
        assert number not in caller.get("/tickets?limit=100").text
        assert listed(caller, f"/tickets?q={number}") == set()
        refused(caller.post(f"/tickets/{number}/acceptance", {}, version=1), 422)
        body = {"ticket_class": "normal", "category_code": "utilities"}
        refused(caller.post(f"/tickets/{number}/acceptance", body, version=1), 404)
    told = Caller(client, world.cast.housekeeper).get("/me/messages?limit=100")
    assert number not in told.text
