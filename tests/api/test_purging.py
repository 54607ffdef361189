"""涉密清除 over HTTP: two people, 410 afterwards, and a case file that tells of it."""

from dataclasses import replace
from io import BytesIO

import pytest

from app.domain.permissions import Permission as Act
from tests.callers import API, Caller
from tests.domain.story import USUAL
from tests.factories import make_account, make_cast, make_ticket
from tests.files import SAMPLES
from tests.problems import places, refused

REASON = "误将含客户报价的合同作为附件上传"
NAME = "甲公司报价.pdf"


@pytest.fixture
def cast(database):
    return make_cast()


@pytest.fixture
def file(client, cast) -> int:
    caller = Caller(client, cast.applicant)
    sent = caller.client.post(
        f"{API}/attachments",
        data={"file": (BytesIO(SAMPLES["证明.pdf"][0]), NAME)},
        headers=caller.headers(),
        content_type="multipart/form-data",
    )
    return int(sent.json["id"])


@pytest.fixture
def case(cast, file):
    return make_ticket("archived", cast, submit=replace(USUAL[Act.SUBMIT], attachment_ids=(file,)))


def act(caller, case, noun, body):
    return caller.post(f"/tickets/{case.number}/{noun}", body, version=case.ticket.version)


def test_a_leak_found_in_the_archive_is_purged_by_two(client, cast, case, file):
    applicant, supervisor = Caller(client, cast.applicant), Caller(client, cast.supervisor)
    supervisor.post(f"/tickets/{case.number}/inspection", {"reason": "核实涉密清除"})
    url = applicant.get(f"/attachments/{file}").json["url"]
    assert "request_purge" in applicant.get(f"/tickets/{case.number}").json["allowed_actions"]
    asked = act(applicant, case, "purge-request", {"attachment_ids": [file], "reason": REASON})
    assert asked.status_code == 200, asked.text
    assert [matter["kind"] for matter in asked.json["matters"]] == ["purge"]
    assert "rule_purge" in supervisor.get(f"/tickets/{case.number}").json["allowed_actions"]
    ruled = act(supervisor, case, "purge-request/ruling", {"approved": True})
    assert ruled.status_code == 200, ruled.text
    assert (ruled.json["status"], ruled.json["allowed_actions"]) == ("archived", [])
    [shown] = applicant.get(f"/tickets/{case.number}").json["attachments"]
    assert (shown["filename"], shown["purged_at"] is None) == ("（已清除）", False)
    for gone in (applicant.get(f"/attachments/{file}"), client.get(url)):
        refused(gone, 410, "purged")


def test_the_case_file_tells_what_was_purged(client, cast, case, file):
    digest = Caller(client, cast.applicant).get(f"/attachments/{file}").json["sha256"]
    act(
        Caller(client, cast.coordinator),
        case,
        "purge-request",
        {"attachment_ids": [file], "reason": REASON},
    )
    case.act(Act.RULE_PURGE)
    taken = Caller(client, cast.coordinator).post(f"/tickets/{case.number}/case-file.json")
    [told] = taken.json["content"]["files"]
    assert (told["filename"], told["sha256"]) == ("（已清除）", digest)
    assert (told["purge_reason"], told["purged_at"] is None) == (REASON, False)
    assert NAME not in taken.text
    printed = Caller(client, cast.coordinator).post(f"/tickets/{case.number}/case-file.pdf")
    assert printed.status_code == 200


def test_what_is_held_is_refused_with_the_reason(client, cast, case, file):
    keeper = Caller(client, make_account("sec_admin"))
    body = {"subject_kind": "ticket", "subject": case.number, "reason": "诉讼证据保全"}
    assert keeper.post("/legal-holds", body).status_code == 201
    applicant, supervisor = Caller(client, cast.applicant), Caller(client, cast.supervisor)
    act(applicant, case, "purge-request", {"attachment_ids": [file], "reason": REASON})
    answer = act(supervisor, case, "purge-request/ruling", {"approved": True})
    refused(answer, 409, "purge-held")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"attachment_ids": [], "reason": REASON}, "/attachment_ids"),
        ({"attachment_ids": [987654], "reason": REASON}, "/attachment_ids/0"),
        ({"attachment_ids": [1], "reason": "密"}, "/reason"),
    ],
)
def test_a_request_names_files_and_a_reason(client, cast, case, body, pointer):
    answer = act(Caller(client, cast.applicant), case, "purge-request", body)
    assert list(places(answer)) == [pointer]
