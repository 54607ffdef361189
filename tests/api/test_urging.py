"""催办 over HTTP: who hears of it, what everybody reads, when it is refused, many at once."""

from dataclasses import replace

import pytest

from app import clock
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from tests.api.rights.world import BY_PHONE
from tests.callers import Caller
from tests.domain.calendars import local
from tests.factories import make_cast, make_ticket
from tests.problems import refused

SOON, AGAIN = local("2026-06-02 10:00"), local("2026-06-03 10:00")
TRANSFER = {"receiving_body": "鞍山市工业和信息化局", "reason": "按管辖由市级部门办理。"}


@pytest.fixture
def cast(database):
    with clock.frozen(SOON):
        yield make_cast()


def urge(caller, case, body=None):
    version = caller.version_of(case.number)
    return caller.post(f"/tickets/{case.number}/urge", body, version=version)


def listed(caller, queue="urged"):
    return [one["number"] for one in caller.get(f"/tickets?queue={queue}").json["items"]]


def test_everybody_reads_how_often_and_when_last(client, cast):
    case = make_ticket(Status.HANDLING, cast)
    enterprise = Caller(client, cast.applicant)
    before = enterprise.get(f"/tickets/{case.number}").json
    assert (before["urge_count"], before["urged_at"], before["is_urged"]) == (0, None, False)
    answer = urge(enterprise, case, {"reason": "设备下周进场"})
    assert answer.status_code == 200, answer.text
    assert answer.json["urge_count"] == 1
    assert answer.json["urge_again_at"] == "2026-06-03T10:00:00+08:00"
    assert answer.json["version"] == before["version"]
    [item] = Caller(client, cast.handler).get("/tickets").json["items"]
    assert (item["urge_count"], item["is_urged"]) == (1, True)
    assert item["urged_at"] == "2026-06-02T10:00:00+08:00"


def test_a_handler_writes_on_with_the_version_read_before_the_urge(client, cast):
    case = make_ticket(Status.HANDLING, cast)
    handler = Caller(client, cast.handler)
    version = handler.version_of(case.number)
    urge(Caller(client, cast.applicant), case)
    report = {"text": "设备已发货，等待安装", "next_report_on": "2026-06-03"}
    answer = handler.post(f"/tickets/{case.number}/progress", report, version=version)
    assert answer.status_code == 200, answer.text


def test_too_soon_is_refused_with_when_it_can_be_repeated(client, cast):
    case = make_ticket(Status.HANDLING, cast)
    assert urge(Caller(client, cast.applicant), case).status_code == 200
    problem = refused(urge(Caller(client, cast.applicant), case), 409, "urged-too-soon")
    assert problem["detail"] == "本件已于 2026-06-02 10:00 催办，2026-06-03 10:00 起可以再次催办。"
    with clock.frozen(AGAIN):
        assert urge(Caller(client, cast.applicant), case).json["urge_count"] == 2


def test_who_is_to_hear_of_it_finds_it_in_the_queue_until_it_is_heeded(client, cast):
    case, other = make_ticket(Status.HANDLING, cast), make_ticket(Status.HANDLING, cast)
    urge(Caller(client, cast.applicant), case)
    for person in (cast.housekeeper, cast.coordinator, cast.supervisor):
        assert listed(Caller(client, person)) == [case.number]
    assert case.number in listed(Caller(client, cast.housekeeper), "todo")
    assert other.number not in listed(Caller(client, cast.housekeeper), "todo")
    case.act(Act.REPORT_PROGRESS, at=SOON)
    assert listed(Caller(client, cast.housekeeper)) == []


def test_an_operator_urges_for_who_called(client, cast):
    case = make_ticket(Status.ACCEPTED, cast, by=cast.operator.actor, submit=by_phone(cast))
    assert urge(Caller(client, cast.operator), case).status_code == 200


def test_a_stranger_finds_nothing_to_urge_and_a_handler_may_not(client, cast):
    case = make_ticket(Status.HANDLING, cast)
    stranger = Caller(client, make_cast().applicant)
    refused(stranger.post(f"/tickets/{case.number}/urge", version=1), 404)
    refused(urge(Caller(client, cast.handler), case), 403)


def test_many_are_urged_each_for_itself(client, cast):
    first, second, answered = (
        make_ticket(status, cast) for status in (Status.HANDLING, Status.ACCEPTED, Status.FEEDBACK)
    )
    first.act(Act.URGE, at=SOON)
    results = in_bulk(Caller(client, cast.supervisor), "urge", first, second, answered)
    assert [one["status"] for one in results] == [409, 200, 409]
    assert [one["problem"] and one["problem"]["title"] for one in results] == [
        "urged-too-soon",
        None,
        "illegal-transition",
    ]
    assert second.ticket.urge_count == 1


def test_many_are_transferred_each_for_itself(client, cast):
    first, second = make_ticket(Status.ACCEPTED, cast), make_ticket(Status.ACCEPTED, cast)
    second.act(Act.TRANSFER_OUT)
    results = in_bulk(Caller(client, cast.coordinator), "transfer_out", first, second)
    assert [one["status"] for one in results] == [200, 409]
    assert first.ticket.transferred_to == TRANSFER["receiving_body"]


def in_bulk(caller, action, *cases):
    facts = TRANSFER if action == "transfer_out" else {}
    items = [
        {"number": case.number, "version": case.ticket.version, "facts": facts} for case in cases
    ]
    return caller.post("/tickets/bulk", {"action": action, "items": items}).json["results"]


def by_phone(cast):
    return replace(BY_PHONE, enterprise_id=cast.enterprise.id)
