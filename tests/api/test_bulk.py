"""成批操作: every item for itself, one answer for all, once under one key."""

import pytest

from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from tests.callers import API, Caller
from tests.factories import Case, make_cast, make_ticket
from tests.problems import refused

CONTACT = {"note": "已电话联系企业了解情况"}
ACCEPTANCE = {"ticket_class": "normal", "category_code": "utilities"}


@pytest.fixture
def coordinator(client, cast):
    return Caller(client, cast.coordinator)


@pytest.fixture
def cast(database):
    return make_cast()


def item(case: Case, facts: dict | None = None, **changes) -> dict:
    known = {"number": case.number, "version": case.ticket.version, "facts": facts or CONTACT}
    return known | changes


def send(caller: Caller, action: str, *items: dict, key: str | None = None):
    headers = caller.headers() | ({"Idempotency-Key": key} if key else {})
    body = {"action": action, "items": list(items)}
    return caller.client.post(f"{API}/tickets/bulk", json=body, headers=headers)


def statuses(answer) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [one["status"] for one in answer.json["results"]]


def test_what_is_refused_costs_the_others_nothing(coordinator, cast):
    first, second, third, fourth, fifth, sixth = (make_ticket(cast=cast) for _ in range(6))
    second.act(Act.PROPOSE_REFUSAL)
    answer = send(
        coordinator,
        "accept",
        item(first, ACCEPTANCE),
        item(second, ACCEPTANCE),
        item(third, ACCEPTANCE | {"category_code": "nothing-like-it"}),
        item(fourth, ACCEPTANCE, version=7),
        item(fifth, {"ticket_class": "normal"}),
        item(first, ACCEPTANCE, number="AS20260601-999999"),
        item(sixth, ACCEPTANCE),
    )
    assert statuses(answer) == [200, 409, 422, 412, 422, 404, 200]
    assert (answer.json["done"], answer.json["refused"]) == (2, 5)
    results = answer.json["results"]
    assert results[0]["version"] == first.ticket.version == 2
    assert results[1]["problem"]["changed_by"] == cast.coordinator.actor.name
    assert results[4]["problem"]["errors"][0]["pointer"] == "/facts/category_code"
    accepted = [
        one for one in (first, second, third, fourth, fifth, sixth) if one.ticket.accepted_at
    ]
    assert accepted == [first, sixth]


def test_a_ticket_is_named_once(coordinator, cast):
    case = make_ticket(cast=cast)
    answer = send(coordinator, "first_contact", item(case), item(case, version=2))
    assert refused(answer, 422, "invalid-input")["errors"][0]["code"] == "distinct"


def test_what_is_not_visible_is_not_there(client, cast):
    case = make_ticket(cast=make_cast())
    answer = send(Caller(client, cast.housekeeper), "first_contact", item(case))
    assert statuses(answer) == [404]


def test_many_are_dispatched_at_once(coordinator, cast):
    cases = [make_ticket(Status.ACCEPTED, cast) for _ in range(3)]
    unit = {"lead_organisation_id": cast.lead_unit.id}
    answer = send(coordinator, "dispatch", *(item(case, unit) for case in cases))
    assert statuses(answer) == [200, 200, 200]
    assert {case.ticket.status for case in cases} == {"handling"}


def test_who_may_not_take_the_action_takes_it_on_none(client, cast):
    answer = send(Caller(client, cast.operator), "dispatch", item(make_ticket(cast=cast)))
    assert answer.status_code == 403


def test_under_one_key_it_is_done_once(coordinator, cast):
    case = make_ticket(cast=cast)
    wish = item(case)
    first = send(coordinator, "first_contact", wish, key="bulk-1")
    again = send(coordinator, "first_contact", wish, key="bulk-1")
    assert (statuses(first), first.data) == ([200], again.data)
    assert again.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    "body",
    [
        {"action": "archive", "items": [{"number": "AS20260601-000001", "version": 1}]},
        {"action": "accept", "items": []},
        {"action": "accept", "items": [{"number": "AS20260601-000001"}]},
    ],
)
def test_what_is_no_bulk_is_refused_as_a_whole(coordinator, body):
    assert coordinator.post("/tickets/bulk", body).status_code == 422


def test_one_hundred_at_most(coordinator, cast):
    case = make_ticket(cast=cast)
    many = [item(case, number=f"AS20200101-{number:06d}") for number in range(101)]
    answer = send(coordinator, "first_contact", *many)
    assert refused(answer, 422, "invalid-input")["errors"][0]["code"] == "count"
    assert statuses(send(coordinator, "first_contact", *many[1:])) == [404] * 100
