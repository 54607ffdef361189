"""重定时限 over HTTP: told to the enterprise, inner times to officials."""

import pytest

from app import clock
from app.domain.vocabulary import Status
from tests.callers import Caller
from tests.domain.calendars import local
from tests.factories import make_ticket
from tests.problems import places

BODY = {"reason": "经会商认定为疑难诉求，需多部门协调。", "ticket_class": "hard"}


@pytest.fixture
def at_work():
    with clock.frozen(local("2026-06-02 09:00")):
        yield


def test_the_enterprise_reads_why_and_until_when(client, database, at_work):
    case = make_ticket(Status.HANDLING)
    coordinator = Caller(client, case.cast.coordinator)
    shown = coordinator.act(case.number, "retarget", BODY)
    assert shown["ticket_class"] == "hard"
    assert shown["due_at"].startswith("2026-07-14T17:30"), "30 working days from 1 June"
    enterprise = Caller(client, case.cast.applicant)
    events = enterprise.get(f"/tickets/{case.number}/events").json["items"]
    [told] = [event for event in events if event["action"] == "retarget"]
    [deadline] = told["facts"]["deadlines"]
    assert deadline["due_before"].startswith("2026-06-08T17:30")
    assert deadline["due_at"].startswith("2026-07-14T17:30")
    assert told["facts"]["reason"] == BODY["reason"]
    assert "unit_deadlines" not in told["facts"]
    inbox = enterprise.get("/me/messages").json["items"]
    assert inbox[0]["kind"] == "deadline_moved"
    inner = coordinator.get(f"/tickets/{case.number}/events").json["items"][-1]
    assert {row["clock"] for row in inner["facts"]["unit_deadlines"]} == {"assignment", "opinion"}


def test_a_reason_is_required(client, database, at_work):
    case = make_ticket(Status.HANDLING)
    coordinator = Caller(client, case.cast.coordinator)
    version = coordinator.version_of(case.number)
    answer = coordinator.post(f"/tickets/{case.number}/retarget", {}, version=version)
    assert places(answer) == {"/reason": "required"}


def test_due_times_in_a_provisional_year_are_marked_everywhere(client, database):
    with clock.frozen(local("2026-12-29 10:30")):
        case = make_ticket(Status.HANDLING, at=local("2026-12-29 10:00"))
        coordinator = Caller(client, case.cast.coordinator)
        shown = coordinator.get(f"/tickets/{case.number}").json
        assert (shown["due_at"][:4], shown["is_provisional"]) == ("2027", True)
        [item] = coordinator.get("/tickets?queue=open").json["items"]
        assert item["is_provisional"] is True
        clocks = coordinator.get(f"/tickets/{case.number}/deadline").json["clocks"]
        assert {one["kind"]: one["is_provisional"] for one in clocks}["finish"] is True
        handler = Caller(client, case.cast.handler)
        [assignment] = handler.get("/assignments").json["items"]
        assert assignment["is_provisional"] is True


def test_due_times_in_an_official_year_are_not_marked(client, database, at_work):
    case = make_ticket(Status.HANDLING)
    coordinator = Caller(client, case.cast.coordinator)
    assert coordinator.get(f"/tickets/{case.number}").json["is_provisional"] is False
    assert (
        Caller(client, case.cast.handler).get("/assignments").json["items"][0]["is_provisional"]
        is False
    )
