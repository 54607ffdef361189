"""补充说明与内部备注 over HTTP: who reads them, who hears, and that others are not disturbed."""

from dataclasses import replace

import pytest

from app import clock
from app.domain.facts.intake import Complained
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from tests.callers import Caller
from tests.domain import story
from tests.domain.calendars import local
from tests.factories import make_cast, make_ticket
from tests.factories.uploads import make_upload
from tests.problems import refused

SOON = local("2026-06-02 10:00")
NOTE = {"text": "供电公司口头答应下周进场"}
REMARK = {"text": "二期的用电清单已经定下来"}


@pytest.fixture
def cast(database):
    with clock.frozen(SOON):
        yield make_cast()


def written(caller, case, body):
    return caller.post(f"/tickets/{case.number}/comments", body)


def read(caller, case):
    events = caller.get(f"/tickets/{case.number}/events").json["items"]
    return [one["facts"]["text"] for one in events if one["action"] == "comment"]


def inbox(caller):
    return [one["kind"] for one in caller.get("/me/messages").json["items"]]


def test_a_note_is_read_by_who_works_on_it_and_never_by_the_enterprise(client, cast):
    case = make_ticket(Status.HANDLING, cast)
    answer = written(Caller(client, cast.handler), case, NOTE)
    assert answer.status_code == 200, answer.text
    inside = (cast.housekeeper, cast.coordinator, cast.handler, cast.unit_approver)
    for person in (*inside, cast.co_handler):
        assert read(Caller(client, person), case) == [NOTE["text"]], person.account.name
    enterprise = Caller(client, cast.applicant)
    assert read(enterprise, case) == []
    assert NOTE["text"] not in enterprise.get(f"/tickets/{case.number}").text
    assert "note_added" not in inbox(enterprise)
    for person in (cast.housekeeper, cast.coordinator, cast.co_handler):
        assert "note_added" in inbox(Caller(client, person))
    assert "note_added" not in inbox(Caller(client, cast.handler)), "who wrote it knows"


def test_a_remark_of_the_enterprise_is_read_by_all_and_told_to_who_has_it_in_hand(client, cast):
    case = make_ticket(Status.HANDLING, cast)
    assert written(Caller(client, cast.applicant), case, REMARK).status_code == 200
    for person in (cast.applicant, cast.housekeeper, cast.handler, cast.co_handler):
        assert read(Caller(client, person), case) == [REMARK["text"]]
    for person in (cast.housekeeper, cast.handler):
        assert "remark_added" in inbox(Caller(client, person))
    assert "remark_added" not in inbox(Caller(client, cast.applicant))


def test_whoever_is_about_to_act_is_not_disturbed(client, cast):
    case = make_ticket(Status.HANDLING, cast)
    handler = Caller(client, cast.handler)
    version = handler.version_of(case.number)
    answer = written(Caller(client, cast.applicant), case, REMARK)
    assert answer.json["version"] == version
    report = {"text": "设备已发货，等待安装", "next_report_on": "2026-06-03"}
    answer = handler.post(f"/tickets/{case.number}/progress", report, version=version)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("text", "is_fine"), [("好", True), ("长" * 500, True), ("长" * 501, False)]
)
def test_it_is_neither_empty_nor_longer_than_is_allowed(client, cast, text, is_fine):
    case = make_ticket(Status.HANDLING, cast)
    answer = written(Caller(client, cast.applicant), case, {"text": text})
    assert (answer.status_code == 200) is is_fine
    for empty in ({}, {"text": ""}, {"text": "   "}):
        refused(written(Caller(client, cast.applicant), case, empty), 422)


def test_nothing_is_added_to_what_is_archived(client, cast):
    case = make_ticket(Status.ARCHIVED, cast)
    refused(written(Caller(client, cast.applicant), case, REMARK), 409, "illegal-transition")
    refused(written(Caller(client, cast.coordinator), case, NOTE), 409, "illegal-transition")


def test_who_is_complained_of_neither_reads_nor_writes_nor_hears(client, cast):
    complaint = Complained(housekeeper=True)
    given = replace(story.USUAL[Act.SUBMIT], complains_of=complaint)
    case = make_ticket(Status.SUBMITTED, cast, submit=given)
    housekeeper = Caller(client, cast.housekeeper)
    refused(written(housekeeper, case, NOTE), 404)
    written(Caller(client, cast.applicant), case, REMARK)
    written(Caller(client, cast.coordinator), case, NOTE)
    assert not {"remark_added", "note_added"} & set(inbox(housekeeper))
    refused(housekeeper.get(f"/tickets/{case.number}/events"), 404)
    assert "remark_added" in inbox(Caller(client, cast.second_coordinator))


def test_files_go_with_it_to_the_same_readers(client, cast):
    case = make_ticket(Status.HANDLING, cast)
    shown, kept = (
        make_upload(person.account.id, SOON).id for person in (cast.applicant, cast.handler)
    )
    written(Caller(client, cast.applicant), case, REMARK | {"attachment_ids": [shown]})
    written(Caller(client, cast.handler), case, NOTE | {"attachment_ids": [kept]})
    assert files(client, cast.applicant, case) == [shown]
    assert files(client, cast.co_handler, case) == [shown, kept]


def files(client, person, case):
    ticket = Caller(client, person).get(f"/tickets/{case.number}").json
    return [one["id"] for one in ticket["attachments"]]


def test_a_stranger_finds_nothing_to_write_on(client, cast):
    case = make_ticket(Status.HANDLING, cast)
    refused(written(Caller(client, make_cast().applicant), case, REMARK), 404)
    refused(written(Caller(client, cast.revisitor), case, NOTE), 403)
