"""会议任务和挂账复核 over HTTP: the way of a task, of a review, and what the enterprise sees."""

import pytest

from app import clock
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from tests.callers import Caller
from tests.domain.calendars import local
from tests.factories import make_cast, make_ticket
from tests.problems import places, refused

SOON = local("2026-06-02 10:00")


@pytest.fixture
def cast(database):
    with clock.frozen(SOON):
        yield make_cast()


def test_a_task_is_ticked_off_by_its_unit_and_kept_from_the_enterprise(client, cast):
    case = make_ticket(Status.HANDLING, cast)
    for action in (Act.ESCALATE, Act.CONVENE_JOINT_MEETING, Act.CONCLUDE_JOINT_MEETING):
        case.act(action)
    handler = Caller(client, cast.handler)
    [listed] = handler.get("/tickets?queue=meeting_tasks").json["items"]
    assert listed["number"] == case.number
    assert "complete_meeting_task" in listed["allowed_actions"]
    path, body = f"/tickets/{case.number}/joint-meeting/task-completion", {"note": "已迁改"}
    version = handler.version_of(case.number)
    wrong = refused(handler.post(path, body | {"task_number": 2}, version=version), 422)
    assert [one["code"] for one in wrong["errors"]] == ["unknown-task"]
    co = Caller(client, cast.co_handler)
    refused(co.post(path, body | {"task_number": 1}, version=version), 409, "illegal-transition")
    told = handler.post(path, body | {"task_number": 1}, version=version).json["matters"][-1]
    assert (told["kind_label"], told["outcome"]) == ("会议任务", "done")
    assert told["details"]["tasks"][0]["done_on"] == "2026-06-02"
    assert "remind_at" not in told
    enterprise = Caller(client, cast.applicant)
    kinds = [one["kind"] for one in enterprise.get(f"/tickets/{case.number}").json["matters"]]
    assert "meeting_task" not in kinds
    events = enterprise.get(f"/tickets/{case.number}/events").json["items"]
    assert "complete_meeting_task" not in [one["action"] for one in events]


def test_the_enterprise_lists_what_is_tracked_and_reads_the_review(client, cast):
    case = make_ticket(Status.HANDLING, cast)
    make_ticket(Status.HANDLING, cast)
    case.act(Act.ESCALATE)
    case.act(Act.TRACK_OPEN)
    handler, enterprise = Caller(client, cast.handler), Caller(client, cast.applicant)
    listed = enterprise.get("/tickets?queue=tracked_open").json["items"]
    assert [one["number"] for one in listed] == [case.number]
    body = {"note": "专项资金已列入下季度计划", "next_review_on": "2026-06-18"}
    path = f"/tickets/{case.number}/tracking/review"
    version = handler.version_of(case.number)
    refused(Caller(client, cast.co_handler).post(path, body, version=version), 403)
    sunday = handler.post(path, body | {"next_review_on": "2026-06-21"}, version=version)
    assert places(sunday) == {"/next_review_on": "workday"}
    assert handler.post(path, body, version=version).status_code == 200
    [matter] = enterprise.get(f"/tickets/{case.number}").json["matters"]
    assert matter["details"]["next_review_on"] == "2026-06-18"
    assert "owner_name" not in matter["details"]
    facts = [one["facts"] for one in enterprise.get(f"/tickets/{case.number}/events").json["items"]]
    assert body in facts
