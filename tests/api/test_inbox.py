"""GET /me/messages: everybody reads the own messages, newest first."""

import pytest

from app.domain.actor import Role
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from services.notifications import inbox
from tests.callers import Caller
from tests.factories import make_account, make_cast, make_ticket


@pytest.fixture
def cast():
    """The people of one enterprise; its applicant is told of every step."""
    return make_cast()


@pytest.fixture
def applicant(client, cast) -> Caller:
    """The enterprise's own administrator."""
    return Caller(client, cast.applicant)


def kinds(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [message["kind"] for message in answer.json["items"]]


def test_what_happened_is_told_newest_first(applicant, cast):
    case = make_ticket(Status.EVALUATING, cast)
    answer = applicant.get("/me/messages")
    assert kinds(answer) == ["evaluation_invited", "feedback_ready", "accepted"]
    newest = answer.json["items"][0]
    assert newest["ticket_number"] == case.number
    assert newest["title"] == "评价邀请"
    assert case.number in newest["body"]
    assert newest["read_at"] is None


def test_pages_follow_each_other(applicant, cast):
    for _ in range(3):
        make_ticket(Status.ACCEPTED, cast)
    first = applicant.get("/me/messages?limit=2").json
    second = applicant.get(f"/me/messages?limit=2&cursor={first['next_cursor']}").json
    told = [message["id"] for message in first["items"] + second["items"]]
    assert told == sorted(told, reverse=True)
    assert len(told) == 3
    assert second["next_cursor"] is None


def test_a_read_message_is_read_once_and_for_all(applicant, cast):
    case = make_ticket(Status.ACCEPTED, cast)
    [message] = applicant.get("/me/messages").json["items"]
    first = applicant.post(f"/me/messages/{message['id']}/read")
    again = applicant.post(f"/me/messages/{message['id']}/read")
    assert first.status_code == again.status_code == 200
    assert first.json["read_at"] == again.json["read_at"] is not None
    assert applicant.get("/me/messages?unread=true").json["items"] == []
    case.act(Act.DISPATCH)
    case.act(Act.GIVE_OPINION)
    case.act(Act.REPLY)
    case.act(Act.COUNTERSIGN)
    case.act(Act.RULE_REPLY)
    assert kinds(applicant.get("/me/messages?unread=true")) == ["feedback_ready"]
    assert kinds(applicant.get("/me/messages")) == ["feedback_ready", "accepted"]


def test_nobody_reads_the_messages_of_others(client, applicant, cast):
    make_ticket(Status.ACCEPTED, cast)
    [message] = applicant.get("/me/messages").json["items"]
    stranger = Caller(client, make_account(Role.SYS_ADMIN))
    assert stranger.get("/me/messages").json == {"items": [], "next_cursor": None}
    assert stranger.post(f"/me/messages/{message['id']}/read").status_code == 404
    assert stranger.post("/me/messages/999999/read").status_code == 404
    assert applicant.get("/me/messages/unread-count").json["count"] == 1


def test_the_badge_counts_what_is_unread(applicant, cast):
    assert applicant.get("/me/messages/unread-count").json == {"count": 0, "is_capped": False}
    make_ticket(Status.ACCEPTED, cast)
    make_ticket(Status.ACCEPTED, cast)
    assert applicant.get("/me/messages/unread-count").json == {"count": 2, "is_capped": False}


def test_the_badge_stops_counting(applicant, cast, monkeypatch):
    monkeypatch.setattr(inbox, "COUNTED_AT_MOST", 2)
    for _ in range(3):
        make_ticket(Status.ACCEPTED, cast)
    assert applicant.get("/me/messages/unread-count").json == {"count": 2, "is_capped": True}


@pytest.mark.parametrize("query", ["unread=perhaps", "limit=0", "cursor=abc", "kind=accepted"])
def test_a_wrong_question_is_refused(applicant, query):
    assert applicant.get(f"/me/messages?{query}").status_code == 422
