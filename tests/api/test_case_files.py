"""The case file: the whole of a ticket, for those who may have it, signed and readable."""

import json
from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pypdf import PageObject, PdfReader

from app.db import db
from app.domain.actor import Role
from app.domain.canonical import canonical
from app.domain.disclosure import INNER_FACTS
from app.domain.facts.aftercare import Rating
from app.domain.permissions import Permission as Act
from app.models.audit_entry import AuditEntry
from services.case_files import signing
from services.case_files.facts import told_facts
from services.case_files.printing import ATTACHED, print_case_file
from services.case_files.signing import SignatureBroken
from tests.callers import API, Caller
from tests.domain.story import ANSWER, USUAL
from tests.factories import Case, make_account, make_ticket
from tests.factories.files import make_attachment
from tests.problems import refused

INNER = "仅供内部参考"
KEY = b"c" * 32


@pytest.fixture
def case(client) -> Case:
    """A rated ticket with inner words, a phone number and a file."""
    submitted = replace(USUAL[Act.SUBMIT], contact_name="王建国", contact_phone="13912345678")
    made = make_ticket("evaluating", submit=submitted, reply=replace(ANSWER, handling_note=INNER))
    made.act(Act.EVALUATE, Rating(4, (), "总算办成了"))
    make_attachment(made, made.cast.applicant)
    return made


def taken(client, person, case: Case) -> Any:
    answer = Caller(client, person).post(f"/tickets/{case.number}/case-file.json")
    assert answer.status_code == 200, answer.text
    return answer.json


def pages(pdf: bytes) -> str:
    return "\n".join(map(words_of, PdfReader(BytesIO(pdf)).pages))


def words_of(page: PageObject) -> str:
    """The reader takes each half of a two-byte code of this kind of font for one of its own."""
    return page.extract_text().replace("\x00", "").replace("\u3000", " ")


def test_it_holds_the_whole_ticket(client, case):
    content = taken(client, case.cast.coordinator, case)["content"]
    ticket = case.ticket
    assert content["chain"] == {"events": ticket.event_seq, "head": ticket.event_head.hex()}
    assert [event["seq"] for event in content["events"]] == [*range(1, ticket.event_seq + 1)]
    assert content["ticket"]["title"] == ticket.title
    assert content["generated_by"] == {
        "name": case.cast.coordinator.actor.name,
        "role": "coordinator",
    }
    [reply] = content["replies"]
    assert (reply["answer"], reply["handling_note"]) == (ANSWER.answer, INNER)
    [rating] = content["evaluations"]
    assert (rating["level"], rating["comment"]) == (4, "总算办成了")
    [file] = content["files"]
    assert (file["filename"], file["sha256"]) == ("证明.pdf", (b"s" * 32).hex())
    assert {clock["kind"] for clock in content["clocks"]} > {"accept", "finish", "assignment"}
    assert len(content["ticket"]["assignments"]) == 2
    assert not any(INNER_FACTS & set(event["facts"]) for event in content["events"])


def test_all_events_are_in_it_however_many(client, case):
    long = make_ticket("accepted", cast=case.cast)
    number = 120
    for _ in range(number):
        long.act(
            Act.HAND_OVER,
            replace(USUAL[Act.HAND_OVER], housekeeper_id=case.cast.housekeeper_row.id),
        )
    content = taken(client, case.cast.coordinator, long)["content"]
    assert len(content["events"]) == number + 2


def test_the_enterprise_gets_what_it_is_told(client, case):
    signed = taken(client, case.cast.applicant, case)
    content = signed["content"]
    assert content["is_public_version"]
    assert INNER not in json.dumps(signed, ensure_ascii=False)
    assert "assignments" not in content["ticket"]
    assert {event["actor_name"] for event in content["events"]} == {None}
    assert "give_opinion" not in {event["action"] for event in content["events"]}
    assert not {"assignment", "opinion"} & {clock["kind"] for clock in content["clocks"]}


def test_a_draft_is_not_the_enterprises(client, case):
    drafted = make_ticket("handling", cast=case.cast)
    drafted.act(Act.REPLY)
    assert taken(client, case.cast.applicant, drafted)["content"]["replies"] == []
    assert len(taken(client, case.cast.coordinator, drafted)["content"]["replies"]) == 1


@pytest.mark.parametrize("part", ["coordinator", "applicant"])
def test_personal_data_stays_masked(client, case, part):
    person = getattr(case.cast, part)
    signed = taken(client, person, case)
    assert signed["content"]["ticket"]["contact"]["phone"] != "13912345678"
    pdf = Caller(client, person).post(f"/tickets/{case.number}/case-file.pdf").data
    for told in (json.dumps(signed, ensure_ascii=False), pages(pdf)):
        assert "13912345678" not in told
        assert "王建国" not in told


def test_the_signature_holds_for_these_words_only(client, case):
    signed = taken(client, case.cast.coordinator, case)
    public = client.get(f"{API}/case-file-key").json
    assert public == signing.public_key(KEY)
    key = Ed25519PrivateKey.from_private_bytes(KEY).public_key()
    key.verify(b64decode(signed["signature"]["value"]), canonical(signed["content"]).encode())
    signing.check(signed, public["public_key"])
    again = json.loads(json.dumps(signed, indent=3))
    signing.check(again, public["public_key"])
    again["content"]["evaluations"][0]["level"] = 5
    with pytest.raises(SignatureBroken):
        signing.check(again, public["public_key"])


def test_a_signature_by_somebody_else_is_none(client, case):
    content = taken(client, case.cast.coordinator, case)["content"]
    forged = signing.sign(content, b"x" * 32)
    with pytest.raises(SignatureBroken):
        signing.check(forged, signing.public_key(KEY)["public_key"])
    wrong: tuple[Any, ...] = ({}, [], {"content": content}, forged | {"signature": {}})
    for nonsense in wrong:
        with pytest.raises(SignatureBroken):
            signing.check(nonsense, signing.public_key(KEY)["public_key"])


def test_taking_it_is_audited(client, case):
    caller = Caller(client, case.cast.coordinator)
    for kind in ("json", "pdf"):
        assert caller.post(f"/tickets/{case.number}/case-file.{kind}").status_code == 200
    entries = db.session.query(AuditEntry).filter_by(action="take_case_file").all()
    assert [entry.subject for entry in entries] == [f"ticket:{case.number}"] * 2
    assert {entry.account_id for entry in entries} == {case.cast.coordinator.account.id}


def test_it_changes_nothing_of_the_ticket(client, case):
    before = case.ticket.event_head
    taken(client, case.cast.coordinator, case)
    assert case.ticket.event_head == before


def test_a_supervisor_says_why_first(client, case):
    supervisor = Caller(client, case.cast.supervisor)
    for kind in ("json", "pdf"):
        path = f"/tickets/{case.number}/case-file.{kind}"
        refused(supervisor.post(path), 403, "inspection-required")
    supervisor.inspect(case.number)
    for kind in ("json", "pdf"):
        assert supervisor.post(f"/tickets/{case.number}/case-file.{kind}").status_code == 200


def test_somebody_elses_ticket_is_not_there(client, case):
    strangers = [
        make_account(Role.ENTERPRISE_ADMIN),
        make_account(Role.COORDINATOR, area_prefix="210303"),
        make_account(Role.SUPERVISOR, area_prefix="210303"),
    ]
    for stranger in strangers:
        for kind in ("json", "pdf"):
            path = f"/tickets/{case.number}/case-file.{kind}"
            refused(Caller(client, stranger).post(path), 404)


@pytest.mark.parametrize("part", ["housekeeper", "handler", "operator", "revisitor"])
def test_who_works_on_it_does_not_take_it_away(client, case, part):
    caller = Caller(client, getattr(case.cast, part))
    refused(caller.post(f"/tickets/{case.number}/case-file.json"), 403)


def test_on_paper_it_reads_the_same_with_every_character_embedded(client, case):
    answer = Caller(client, case.cast.coordinator).post(f"/tickets/{case.number}/case-file.pdf")
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(BytesIO(answer.data))
    told = pages(answer.data)
    for words in (
        case.ticket.title,
        ANSWER.answer,
        "首次联系时限",
        "总算办成了",
        INNER,
        "证明.pdf",
    ):
        assert words in told
    fonts = [page["/Resources"]["/Font"] for page in reader.pages]
    embedded = [
        font["/DescendantFonts"][0]["/FontDescriptor"] for held in fonts for font in held.values()
    ]
    assert embedded
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in embedded)
    for number, page in enumerate(reader.pages, start=1):
        foot = f"案卷 {case.number} 第 {number} 页，共 {len(reader.pages)} 页"
        assert foot in words_of(page)
    [attached] = reader.attachments[ATTACHED]
    signed = json.loads(attached)
    signing.check(signed, signing.public_key(KEY)["public_key"])
    assert signed["signature"]["sha256"] in told
    assert signed["content"]["chain"]["head"] in told


def test_codes_are_told_in_words():
    facts = {
        "ticket_class": "hard",
        "approved": False,
        "note": "",
        "co_organisation_ids": [12, 15],
        "deferral": {"items": ["用地批复"], "promise_date": "2026-06-05"},
        "contacted_at": "2026-06-01T02:00:00+00:00",
    }
    assert told_facts(facts) == (
        "分级 疑难；是否同意 否；协办单位编号 12、15；"
        "容缺 （所列材料 用地批复；承诺日期 2026-06-05）；联系时间 2026-06-01 10:00:00"
    )


def test_a_long_one_stays_small(client, case):
    for _ in range(60):
        case.act(
            Act.HAND_OVER,
            replace(USUAL[Act.HAND_OVER], housekeeper_id=case.cast.housekeeper_row.id),
        )
    signed = taken(client, case.cast.coordinator, case)
    printed = print_case_file(signed)
    assert len(printed) < 1024 * 1024
    for page in PdfReader(BytesIO(printed)).pages:
        assert [round(side) for side in page.mediabox] == [0, 0, 595, 842], "A4"


def test_the_command_tells_ours_from_others(app, client, case, tmp_path):
    file = tmp_path / "case-file.json"
    signed = taken(client, case.cast.coordinator, case)

    def verified(*more: str) -> tuple[int, str]:
        ran = app.test_cli_runner().invoke(args=["verify-case-file", str(file), *more])
        return ran.exit_code, ran.output

    file.write_text(json.dumps(signed), "utf-8")
    code, said = verified()
    assert (code, case.number in said) == (0, True)
    other = signing.public_key(b"o" * 32)["public_key"]
    assert verified("--public-key", other)[0] == 1
    signed["content"]["number"] = "AS20260101-000001"
    file.write_text(json.dumps(signed), "utf-8")
    assert verified() == (1, f"{SignatureBroken.__doc__}\n")
    file.write_bytes(b"%PDF-1.7")
    assert verified()[0] == 1
