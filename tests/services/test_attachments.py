"""附件: who may see a file, how many a ticket takes, what a link is good for."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.errors import Forbidden, InvalidInput, NotFound
from app.domain.facts.acceptance import Supplement
from app.domain.facts.handling import Answer, Approval, Opinion
from app.domain.facts.intake import Submission
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import ResultCode, Status
from app.models.attachment import Attachment
from app.models.content_check import ContentCheck
from services.attachments import (
    LINK_LIFETIME,
    Link,
    LinkInvalid,
    Upload,
    describe,
    open_link,
    sign,
    store,
)
from services.gateways.file_store import FileMissing, FileStore
from services.tickets.show import show_ticket
from tests.factories import MONDAY, make_account, make_cast, make_ticket
from tests.files import SAMPLES, pdf

KEY = b"k" * 32
NOW = MONDAY


@pytest.fixture
def files(database, tmp_path) -> FileStore:
    return FileStore(tmp_path)


@pytest.fixture
def cast(files):
    return make_cast()


def upload(person, files, filename="证明.pdf", content=None):
    content = content or SAMPLES[filename][0]
    return store(person.actor, Upload(filename, content), files, at=NOW)


def uploads(person, files, count):
    return tuple(upload(person, files)["id"] for _ in range(count))


def sees(person, attachment_id):
    try:
        return describe(person.actor, attachment_id)["id"] == attachment_id
    except NotFound:
        return False


def submission(*attachment_ids):
    return Submission("路灯不亮", "厂区门前的路灯不亮。", attachment_ids=attachment_ids)


def answer(*attachment_ids):
    return Answer(ResultCode.SOLVED, "已修好。", is_contacted=False, attachment_ids=attachment_ids)


def test_a_file_is_stored_as_described(cast, files):
    stored = upload(cast.applicant, files)
    assert stored | {"id": 0} == {
        "id": 0,
        "filename": "证明.pdf",
        "media_type": "application/pdf",
        "size": len(pdf()),
        "sha256": stored["sha256"],
        "created_at": NOW,
    }
    assert describe(cast.applicant.actor, stored["id"]) == stored


def test_what_is_refused_leaves_no_row_and_no_file(cast, files):
    with pytest.raises(InvalidInput):
        upload(cast.applicant, files, "证明.pdf", b"not a pdf")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0
    assert not list(files.root.iterdir())


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.LAY_SUPERVISOR, Role.REGISTER_OFFICER])
def test_only_those_who_act_on_tickets_upload(files, role):
    clerk = make_account(role, organisation_id=make_cast().lead_unit.id)
    with pytest.raises(Forbidden):
        upload(clerk, files)


def test_before_it_is_used_only_who_uploaded_it_sees_it(cast, files):
    file = upload(cast.applicant, files)["id"]
    colleague = make_account(Role.ENTERPRISE_STAFF, enterprise_id=cast.enterprise.id)
    assert sees(cast.applicant, file)
    assert not any(sees(person, file) for person in (colleague, cast.housekeeper, cast.supervisor))


def test_with_a_ticket_it_is_seen_by_whoever_sees_the_ticket(cast, files):
    file = upload(cast.applicant, files)["id"]
    make_ticket(cast=cast, submit=submission(file))
    db.session.execute(sa.update(ContentCheck).values(state="passed"))
    colleague = make_account(Role.ENTERPRISE_STAFF, enterprise_id=cast.enterprise.id)
    other = make_cast()
    assert all(
        sees(person, file)
        for person in (cast.applicant, colleague, cast.housekeeper, cast.supervisor)
    )
    assert not any(
        sees(person, file)
        for person in (other.applicant, other.housekeeper, cast.handler, cast.co_handler)
    )


def test_the_enterprise_never_gets_what_belongs_to_an_inner_step(cast, files):
    opinion = upload(cast.co_handler, files)["id"]
    case = make_ticket(
        Status.FEEDBACK, cast, give_opinion=Opinion("同意。", attachment_ids=(opinion,))
    )
    assert sees(cast.handler, opinion)
    assert not sees(cast.applicant, opinion)
    shown = show_ticket(cast.applicant.actor, case.number, at=case.at)
    assert shown["attachments"] == []


def test_the_files_of_a_reply_go_out_with_its_release(cast, files):
    first, second = uploads(cast.handler, files, 2)
    case = make_ticket(Status.HANDLING, cast)
    case.act(Act.GIVE_OPINION)
    case.act(Act.REPLY, answer(first))
    case.act(Act.RULE_REPLY, Approval(approved=False, note="附件不对。"))
    case.act(Act.REPLY, answer(second))
    assert not sees(cast.applicant, first)
    assert not sees(cast.applicant, second)
    case.act(Act.COUNTERSIGN)
    case.act(Act.RULE_REPLY)
    assert not sees(cast.applicant, first)
    assert sees(cast.applicant, second)
    shown = show_ticket(cast.applicant.actor, case.number, at=case.at)
    assert [file["id"] for file in shown["attachments"]] == [second]


def test_a_file_is_used_once_and_by_its_owner(cast, files):
    file = upload(cast.applicant, files)["id"]
    foreign = upload(make_cast().applicant, files)["id"]
    make_ticket(cast=cast, submit=submission(file))
    with pytest.raises(InvalidInput) as refused:
        make_ticket(cast=cast, submit=submission(foreign, file, 987654))
    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        (f"/attachment_ids/{index}", "unknown-attachment") for index in range(3)
    ]


def test_a_ticket_takes_nine_files_in_all(cast, files):
    case = make_ticket(
        Status.SUPPLEMENTING, cast, submit=submission(*uploads(cast.applicant, files, 5))
    )
    with pytest.raises(InvalidInput) as refused:
        case.act(Act.SUPPLY, Supplement("补上。", uploads(cast.applicant, files, 5)))
    [error] = refused.value.errors
    assert (error.pointer, error.code) == ("/attachment_ids", "too-many-attachments")
    case.act(Act.SUPPLY, Supplement("补上。", uploads(cast.applicant, files, 4)))
    count = sa.select(sa.func.count()).where(Attachment.ticket_id == case.ticket.id)
    assert db.session.scalar(count) == 9


def test_a_link_opens_its_file_until_it_expires(cast, files):
    file = upload(cast.applicant, files)["id"]
    at = clock.real().replace(microsecond=0)
    link = sign(file, KEY, at=at)
    found, content = open_link(link, KEY, files, at=at + LINK_LIFETIME)
    with content:
        assert (found["filename"], content.read()) == ("证明.pdf", pdf())
    with pytest.raises(LinkInvalid):
        open_link(link, KEY, files, at=at + LINK_LIFETIME + timedelta(seconds=1))


def test_a_link_is_for_one_file_one_time_and_one_key(cast, files):
    file, other = uploads(cast.applicant, files, 2)
    link = sign(file, KEY, at=NOW)
    forged = [
        (Link(other, link.expires, link.signature), KEY),
        (Link(file, link.expires + 1, link.signature), KEY),
        (Link(file, link.expires, "0" * 64), KEY),
        (link, b"x" * 32),
    ]
    for bad, key in forged:
        with pytest.raises(LinkInvalid):
            open_link(bad, key, files, at=NOW)


def test_a_file_lost_from_the_disk_is_an_outage_not_a_missing_page(cast, files):
    file = upload(cast.applicant, files)["id"]
    files.remove(db.session.get_one(Attachment, file).storage_key)
    with pytest.raises(FileMissing):
        open_link(sign(file, KEY, at=NOW), KEY, files, at=NOW)
    with pytest.raises(NotFound):
        open_link(sign(987654, KEY, at=NOW), KEY, files, at=NOW)
