"""内容审核 over HTTP: who reads what while it is not decided, and what people decide."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.content_checks import NOTICE
from app.domain.facts.aftercare import Rating
from app.domain.facts.commenting import Comment
from app.domain.facts.intake import Submission
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import LapseGround, Status
from app.models.audit_entry import AuditEntry
from app.models.content_check import ContentCheck
from app.models.delivery import Delivery
from app.models.notification import Notification
from app.models.ticket import Ticket
from tests.api.test_attachments import upload
from tests.callers import Caller
from tests.factories import make_account, make_binding, make_cast, make_ticket
from tests.problems import refused

WORDS = "收费员自称可以代开发票"
TITLE, BODY = "代开发票", "有人上门推销代开发票，请查处。"
HELD = {"ruling": "hold_back", "reason": "引用了广告原文。"}
RELEASED = {"ruling": "release", "reason": "是在举报他人。"}


@pytest.fixture
def cast(database):
    return make_cast()


@pytest.fixture
def case(cast):
    """A ticket whose words wait for people."""
    case = make_ticket(cast=cast, submit=Submission(TITLE, BODY))
    put(state="referred", cause="risky")
    return case


@pytest.fixture
def author(client, cast):
    return Caller(client, cast.applicant)


@pytest.fixture
def colleague(client, cast):
    return Caller(client, make_account(Role.ENTERPRISE_STAFF, enterprise_id=cast.enterprise.id))


@pytest.fixture
def coordinator(client, cast):
    return Caller(client, cast.coordinator)


@pytest.fixture
def second(client, cast):
    return Caller(client, cast.second_coordinator)


def put(**values):
    db.session.execute(sa.update(ContentCheck).values(**values))


def only_check():
    query = sa.select(ContentCheck)
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def ticket(caller, case):
    return caller.get(f"/tickets/{case.number}").json


def listed(caller, **query):
    return caller.get("/tickets", query_string=query).json["items"]


def everything(caller, case):
    """All that a caller can read of the ticket, as text."""
    parts = [
        caller.get(f"/tickets/{case.number}"),
        caller.get(f"/tickets/{case.number}/events"),
        caller.get("/tickets"),
        caller.get("/me/messages"),
    ]
    return "".join(part.text for part in parts)


@pytest.mark.parametrize("state", ["waiting", "asking", "referred", "held_back"])
def test_a_colleague_reads_a_notice_until_others_may_read_it(case, author, colleague, state):
    prepared(state)
    shown = ticket(colleague, case)
    assert (shown["title"], shown["body"], shown["is_withheld"]) == (NOTICE, NOTICE, True)
    [item] = listed(colleague)
    assert (item["title"], item["is_withheld"]) == (NOTICE, True)
    assert TITLE not in everything(colleague, case)
    own = ticket(author, case)
    assert (own["title"], own["body"], own["is_withheld"]) == (TITLE, BODY, False)
    assert listed(author)[0]["title"] == TITLE


@pytest.mark.parametrize("state", ["passed", "released", "exempt"])
def test_what_has_passed_leaves_no_trace(case, colleague, state):
    prepared(state)
    shown = ticket(colleague, case)
    assert (shown["title"], shown["body"], shown["is_withheld"]) == (TITLE, BODY, False)
    assert NOTICE not in everything(colleague, case)


def prepared(state):
    """The check in any state, with what its row then has to say."""
    ruled = {"ruled_by": only_check().account_id, "ruled_at": clock.now(), "reason": "见前。"}
    leased = {"leased_until": clock.real()}
    of_state = {"asking": leased, "held_back": ruled, "released": ruled}
    put(state=state, **of_state.get(state, {}))


def test_whoever_has_to_act_reads_it_whatever_its_words(client, case, cast, author):
    case.act(Act.FIRST_CONTACT)
    case.act(Act.ACCEPT)
    case.act(Act.DISPATCH)
    put(state="held_back", ruled_by=cast.coordinator.account.id, ruled_at=case.at, reason="不宜。")
    for name in ("housekeeper", "coordinator", "handler", "unit_approver", "co_handler"):
        shown = ticket(Caller(client, getattr(cast, name)), case)
        assert (shown["title"], shown["body"]) == (TITLE, BODY), name


def test_nobody_finds_by_words_what_they_may_not_read(case, author, colleague):
    assert [one["number"] for one in listed(author, q="代开发票")] == [case.number]
    assert listed(colleague, q="代开发票") == []
    assert len(listed(colleague)) == 1
    put(state="passed")
    assert [one["number"] for one in listed(colleague, q="代开发票")] == [case.number]


def test_the_clocks_go_on_and_everybody_is_told_as_ever(case, cast):
    assert case.ticket.due_at is not None
    told = sa.select(sa.func.count()).select_from(Notification)
    housekeeper = Notification.account_id == cast.housekeeper.account.id
    assert db.session.scalar(told.where(housekeeper)) == 1


def test_no_message_carries_the_words(case, cast, coordinator):
    for person in (cast.applicant, cast.housekeeper):
        make_binding(person)
    case.act(Act.FIRST_CONTACT)
    case.act(Act.ACCEPT)
    coordinator.post(f"/content-checks/{only_check().id}/ruling", HELD)
    messages = db.session.scalars(sa.select(Notification)).all()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Delivery))
    for message in messages:
        told = f"{message.title}{message.body}{message.fields}"
        assert TITLE not in told
        assert WORDS not in told


def commented(case, **given):
    remark = Comment(WORDS, **given)
    case.act(Act.COMMENT, remark, by=case.cast.applicant.actor)


def test_a_remark_is_veiled_on_its_own(case, author, colleague):
    put(state="passed")
    commented(case)

    def read(caller):
        events = caller.get(f"/tickets/{case.number}/events").json["items"]
        return events[0]["facts"]["title"], events[-1]["facts"]["text"]

    assert read(colleague) == (TITLE, NOTICE)
    assert read(author) == (TITLE, WORDS)
    assert ticket(colleague, case)["is_withheld"] is False


def test_a_supplement_and_a_rating_are_veiled_wherever_they_stand(client, cast, author, colleague):
    case = make_ticket(Status.EVALUATING, cast)
    put(state="passed")
    case.act(Act.EVALUATE, Rating(2, ("推诿",), WORDS))
    admin = Caller(client, make_account(Role.ENTERPRISE_ADMIN, enterprise_id=cast.enterprise.id))
    address = f"/tickets/{case.number}/case-file.json"
    file = admin.post(address)
    assert file.status_code == 200, file.text
    assert WORDS not in file.text
    assert "推诿" not in file.text
    assert WORDS not in everything(colleague, case)
    assert WORDS in author.post(address).text


def test_a_picture_is_not_handed_out_before_it_is_judged(client, cast, author, colleague):
    file = upload(author, "截图.png").json
    case = make_ticket(cast=cast, submit=Submission(TITLE, BODY, attachment_ids=(file["id"],)))
    words = ContentCheck.attachment_id.is_(None)
    db.session.execute(sa.update(ContentCheck).where(words).values(state="passed"))
    [shown] = ticket(colleague, case)["attachments"]
    assert shown["filename"] == NOTICE
    answer = colleague.get(f"/attachments/{file['id']}")
    assert refused(answer, 403)["type"].endswith("content-under-review")
    assert author.get(f"/attachments/{file['id']}").status_code == 200
    assert Caller(client, cast.housekeeper).get(f"/attachments/{file['id']}").status_code == 200
    put(state="passed")
    assert colleague.get(f"/attachments/{file['id']}").status_code == 200


def test_what_is_veiled_is_not_handed_in_again_by_somebody_else(case, author, colleague):
    ground = LapseGround.SUPPLEMENT_OVERDUE
    changes = {"status": "withdrawn", "lapse_ground": ground, "due_at": None}
    lapsed = sa.update(Ticket).where(Ticket.number == case.number)
    db.session.execute(lapsed.values(withdrawn_at=clock.now(), yellow_at=None, **changes))
    answer = colleague.post(f"/tickets/{case.number}/resubmission")
    assert refused(answer, 409)["type"].endswith("not-yet-reviewed")
    assert author.post(f"/tickets/{case.number}/resubmission").status_code == 201


def test_the_queue_tells_what_is_to_be_judged_and_why(case, coordinator, client, cast):
    [item] = coordinator.get("/content-checks").json["items"]
    assert (item["ticket_number"], item["text"]) == (case.number, f"{TITLE}\n{BODY}")
    assert (item["cause"], item["state"], item["action"]) == ("risky", "referred", "submit")
    elsewhere = make_account(Role.COORDINATOR, area_prefix="9999")
    assert Caller(client, elsewhere).get("/content-checks").json["items"] == []
    assert coordinator.get("/content-checks", query_string={"state": "passed"}).json["items"] == []


def test_a_ruling_is_made_once_with_a_reason_and_audited(case, coordinator, second, colleague):
    check_id = only_check().id
    without_reason = coordinator.post(f"/content-checks/{check_id}/ruling", {"ruling": "release"})
    assert refused(without_reason, 422)
    ruled = coordinator.post(f"/content-checks/{check_id}/ruling", RELEASED).json
    assert (ruled["state"], ruled["reason"]) == ("released", RELEASED["reason"])
    assert ruled["ruled_by"] == case.cast.coordinator.account.name
    assert refused(second.post(f"/content-checks/{check_id}/ruling", HELD), 409)
    assert ticket(colleague, case)["title"] == TITLE
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.subject == f"content_check:{check_id}")
    ).one()
    assert (entry.action, entry.facts["ruling"]) == ("rule_content", "release")


def messages(caller):
    return [one["kind"] for one in caller.get("/me/messages").json["items"]]


def test_the_author_is_told_why_and_may_appeal_once(case, author, coordinator, second, colleague):
    check_id = only_check().id
    coordinator.post(f"/content-checks/{check_id}/ruling", HELD)
    assert "content_held_back" in messages(author)
    assert "content_held_back" not in messages(colleague)
    [own] = author.get("/me/content-checks").json["items"]
    assert (own["reason"], own["ruled_by"], own["state"]) == (HELD["reason"], None, "held_back")
    assert colleague.get("/me/content-checks").json["items"] == []
    words = {"reason": "这是举报所附的广告原文。"}
    assert colleague.post(f"/me/content-checks/{check_id}/appeal", words).status_code == 404
    appealed = author.post(f"/me/content-checks/{check_id}/appeal", words)
    assert (appealed.json["state"], appealed.json["cause"]) == ("referred", "appeal")
    assert ticket(colleague, case)["title"] == NOTICE
    again = author.post(f"/me/content-checks/{check_id}/appeal", words)
    assert refused(again, 409)["type"].endswith("content-not-held-back")
    own_ruling = coordinator.post(f"/content-checks/{check_id}/ruling", RELEASED)
    assert refused(own_ruling, 409)["type"].endswith("same-reviewer")
    assert second.post(f"/content-checks/{check_id}/ruling", RELEASED).status_code == 200
    assert "content_released" in messages(author)
    assert ticket(colleague, case)["title"] == TITLE


def test_an_appeal_that_fails_is_the_last_one_and_a_new_remark_is_judged_anew(
    case, author, coordinator, second
):
    check_id = only_check().id
    coordinator.post(f"/content-checks/{check_id}/ruling", HELD)
    author.post(f"/me/content-checks/{check_id}/appeal", {"reason": "请再看一次。"})
    second.post(f"/content-checks/{check_id}/ruling", HELD)
    again = author.post(f"/me/content-checks/{check_id}/appeal", {"reason": "请再看一次。"})
    assert refused(again, 409)["type"].endswith("content-appealed-before")
    assert author.post(f"/tickets/{case.number}/comments", {"text": "改写之后"}).status_code == 200
    newest = sa.select(ContentCheck.state).order_by(ContentCheck.id.desc()).limit(1)
    assert db.session.scalar(newest) == "waiting"


def test_a_complaint_about_a_unit_is_not_judged_by_its_people(client, cast):
    unit = cast.coordinator.membership.organisation_id
    complained = replace(Submission(TITLE, BODY).complains_of, organisation_ids=(unit,))
    make_ticket(cast=cast, submit=Submission(TITLE, BODY, complains_of=complained))
    put(state="referred", cause="review")
    for person in (cast.coordinator, cast.second_coordinator):
        caller = Caller(client, person)
        assert caller.get("/content-checks").json["items"] == []
        assert caller.post(f"/content-checks/{only_check().id}/ruling", HELD).status_code == 404
