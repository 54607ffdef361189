"""/wechat/callback: the platform's word settles deliveries; nobody else's does anything."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.api.requests import JSON_BYTES
from app.db import db
from app.domain.actor import Role
from app.domain.phone_forms import Template
from app.models.delivery import Delivery
from app.models.push import WechatPush
from app.models.wechat import WechatBinding
from jobs.work_pushes import work_pushes
from tests.applications import CALLBACK_KEY, CALLBACK_TOKEN, application, on_wechat
from tests.callers import API
from tests.factories import MONDAY, make_account, make_binding
from tests.factories.wechat import make_quota, make_template
from tests.phoned import TEMPLATE_ID, make_delivery
from tests.problems import refused
from tests.services.notifications.ledger import entries, remaining
from tests.wechat_pushes import OPENID, Request, Sender, event, report

PATH = f"{API}/wechat/callback"
WECHAT = Sender()
ON_WECHAT = on_wechat("http://127.0.0.1:1/")
SECOND, LATE = timedelta(seconds=1), timedelta(minutes=5, seconds=1)


@pytest.fixture
def push(client):
    """Send a request of the platform at a real time; what it told is worked then."""

    def send(request: Request, at=MONDAY) -> Any:
        with clock.frozen(at):
            answer = client.post(
                PATH,
                query_string=request.query,
                data=request.body,
                content_type=request.content_type,
            )
            assert work_pushes().failures == 0
            return answer

    return send


def taken(answer) -> None:
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "success", "text/plain")


def sent_event(code: str = "0", message_id: str = "1001") -> dict[str, Any]:
    return event(List=report(code, TEMPLATE_ID, message_id))


def outcome(delivery: Delivery) -> tuple[str, str | None]:
    db.session.refresh(delivery)
    return delivery.state, delivery.provider_id


@pytest.fixture
def unknown(database) -> Delivery:
    return make_delivery("unknown", send_at=MONDAY, openid=OPENID, claimed_at=MONDAY)


def test_the_address_answers_the_greeting(client):
    with clock.frozen(MONDAY):
        answer = client.get(PATH, query_string=WECHAT.greeting(MONDAY, "4375120948345356249"))
    assert (answer.status_code, answer.text) == (200, "4375120948345356249")
    assert answer.mimetype == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("ago", [LATE, -LATE, timedelta(days=365)])
def test_a_greeting_is_good_for_five_minutes(client, ago):
    with clock.frozen(MONDAY):
        refused(client.get(PATH, query_string=WECHAT.greeting(MONDAY - ago)), 403)


@pytest.mark.parametrize("xml", [False, True])
@pytest.mark.parametrize(("code", "state"), [("0", "sent"), ("4001", "failed")])
def test_a_sent_event_settles_the_message_whose_outcome_was_unknown(
    push, unknown, xml, code, state
):
    taken(push(WECHAT.push(sent_event(code), MONDAY, xml=xml)))
    assert outcome(unknown) == (state, "1001")


@pytest.mark.parametrize("told", [{"CreateTime": int(MONDAY.timestamp()) - 3600}, {}])
def test_a_message_is_found_by_the_time_that_the_platform_tells(push, unknown, told):
    taken(push(WECHAT.push(sent_event() | told, MONDAY)))
    assert outcome(unknown) == (("unknown", None) if told else ("sent", "1001"))


@pytest.mark.parametrize("told", [None, "", "soon", True, "99999999999"])
def test_without_a_time_the_present_one_counts(push, unknown, told):
    taken(push(WECHAT.push(sent_event() | {"CreateTime": told}, MONDAY)))
    assert outcome(unknown) == ("sent", "1001")


def test_the_same_push_again_changes_nothing(push, unknown):
    request = WECHAT.push(sent_event(), MONDAY)
    taken(push(request))
    other = make_delivery("sent", send_at=MONDAY, sent_at=MONDAY, provider_id="7")
    before = outcome(unknown), unknown.sent_at, outcome(other)
    taken(push(request, MONDAY + SECOND))
    assert (outcome(unknown), unknown.sent_at, outcome(other)) == before
    refused(push(request, MONDAY + LATE), 403, "not-from-wechat")


def test_a_list_settles_one_by_one(push, database):
    first, second = (
        make_delivery("sent", send_at=MONDAY, openid=openid, sent_at=MONDAY, provider_id=number)
        for openid, number in ((OPENID, "1"), (f"oOther{9:022d}", "2"))
    )
    listed = [report("0", TEMPLATE_ID, "1"), report("1", TEMPLATE_ID, "2")]
    taken(push(WECHAT.push(event(List=listed), MONDAY)))
    assert [outcome(one)[0] for one in (first, second)] == ["sent", "sent"]
    lost = event(List=report("1", TEMPLATE_ID, "1"))
    taken(push(WECHAT.push(lost, MONDAY)))
    assert [outcome(one)[0] for one in (first, second)] == ["failed", "sent"]


@pytest.mark.parametrize(
    "message",
    [
        sent_event(message_id="nobodys"),
        event("subscribe_msg_popup_event", List={"TemplateId": "a"}),
        event("debug_demo", debug_str="hello world"),
        event(),
        {"MsgType": "text", "Content": "你好"},
        {},
    ],
)
def test_what_is_about_none_of_ours_is_taken_and_left(push, database, message):
    taken(push(WECHAT.push(message, MONDAY)))


@pytest.fixture
def twice(database) -> WechatBinding:
    """Somebody who consented to two messages of the template."""
    binding = make_binding(make_account(Role.HANDLER), openid=OPENID)
    with clock.frozen(MONDAY):
        make_quota(binding, make_template(Template.TODO, TEMPLATE_ID), 2)
    return binding


def switch(status: str = "reject") -> dict[str, str]:
    return {"TemplateId": TEMPLATE_ID, "SubscribeStatusString": status, "PopupScene": "0"}


@pytest.mark.parametrize("xml", [False, True])
def test_a_refusal_in_the_settings_empties_the_ledger(push, twice, xml):
    request = WECHAT.push(event("subscribe_msg_change_event", List=[switch()]), MONDAY, xml=xml)
    for _ in range(2):
        taken(push(request))
    assert remaining(twice.id, TEMPLATE_ID) == 0
    assert entries(twice.id, TEMPLATE_ID) == [("accepted", 2), ("refused", -2)]


@pytest.mark.parametrize("status", ["reject", "ban", "filter", "whatever"])
def test_what_is_declined_in_a_popup_takes_nothing_away(push, twice, status):
    taken(push(WECHAT.push(event("subscribe_msg_popup_event", List=switch(status)), MONDAY)))
    assert remaining(twice.id, TEMPLATE_ID) == 2


def test_what_is_switched_on_in_the_settings_is_no_consent(push, twice):
    taken(push(WECHAT.push(event("subscribe_msg_change_event", List=switch("accept")), MONDAY)))
    assert remaining(twice.id, TEMPLATE_ID) == 2


@pytest.mark.parametrize("xml", [False, True])
def test_a_consent_in_a_popup_counts_once(push, twice, xml):
    """The ledger holds two that the client reported in one call; they are one entry."""
    told = event("subscribe_msg_popup_event", List=[switch("accept")])
    taken(push(WECHAT.push(told, MONDAY, xml=xml)))
    assert remaining(twice.id, TEMPLATE_ID) == 2
    later = told | {"CreateTime": int(MONDAY.timestamp()) + 60}
    for _ in range(2):
        taken(push(WECHAT.push(later, MONDAY + SECOND, xml=xml)))
    assert remaining(twice.id, TEMPLATE_ID) == 3


def kept() -> list[tuple[str, str, str | None]]:
    rows = db.session.query(WechatPush).order_by(WechatPush.id)
    return [(row.event, row.state, row.result) for row in rows]


def test_a_push_is_kept_first_and_worked_once(client, unknown):
    request = WECHAT.push(sent_event(), MONDAY)
    with clock.frozen(MONDAY):
        taken(client.post(PATH, query_string=request.query, data=request.body))
        assert outcome(unknown) == ("unknown", None)
        assert kept() == [("subscribe_msg_sent_event", "waiting", None)]
        assert work_pushes().items == 1
    assert outcome(unknown) == ("sent", "1001")
    with clock.frozen(MONDAY + SECOND):
        again = WECHAT.push(sent_event(), MONDAY + SECOND)
        for each in (request, again):
            taken(client.post(PATH, query_string=each.query, data=each.body))
        assert work_pushes().items == 0
    assert kept() == [("subscribe_msg_sent_event", "done", "told")]


def test_what_a_push_says_is_sealed(client, database):
    request = WECHAT.push(event(), MONDAY)
    with clock.frozen(MONDAY):
        taken(client.post(PATH, query_string=request.query, data=request.body))
    assert OPENID.encode() not in db.session.query(WechatPush).one().content


def test_who_is_refused_leaves_nothing(client, database):
    with clock.frozen(MONDAY):
        for request in (
            Sender(token="another").push(sent_event(), MONDAY),
            WECHAT.push(sent_event(), MONDAY - LATE),
            Request(WECHAT.greeting(MONDAY), json.dumps(sent_event()).encode()),
            WECHAT.push("no object", MONDAY),
        ):
            refused(client.post(PATH, query_string=request.query, data=request.body), 403)
    assert kept() == []


def test_the_log_tells_the_kind_of_event_and_of_nobody(push, caplog):
    with caplog.at_level(logging.INFO):
        taken(push(WECHAT.push(event("debug_demo"), MONDAY)))
        refused(push(Sender(token="other").push(event(), MONDAY)), 403)
    assert "debug_demo" in caplog.text
    assert "callback refused: signature" in caplog.text
    assert OPENID not in caplog.text


@pytest.mark.parametrize(
    "request_sent",
    [
        Sender(token="another").push(sent_event(), MONDAY),
        Sender(appid="wxffffffffffffffff").push(sent_event(), MONDAY),
        Sender(key="x" * 42 + "A").push(sent_event(), MONDAY),
        WECHAT.push(sent_event(), MONDAY - LATE),
        WECHAT.push(sent_event(), MONDAY + LATE),
        Request(WECHAT.greeting(MONDAY), json.dumps(sent_event()).encode()),
        Request(WECHAT.greeting(MONDAY), b""),
    ],
    ids=["token", "appid", "key", "old", "early", "plain", "empty"],
)
def test_who_is_not_the_platform_settles_nothing(push, unknown, request_sent):
    refused(push(request_sent), 403, "not-from-wechat")
    assert outcome(unknown) == ("unknown", None)


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/xml", "text/plain", "multipart/form-data", ""]
)
def test_the_type_of_the_body_is_whatever_it_is(push, database, content_type):
    request = WECHAT.push(event(), MONDAY)
    taken(push(Request(request.query, request.body, content_type)))


def test_a_body_has_a_limit(push, database):
    request = WECHAT.push(event(), MONDAY)
    filled = request.body.ljust(JSON_BYTES)
    taken(push(Request(request.query, filled)))
    refused(push(Request(request.query, filled + b" ")), 413)


@pytest.mark.parametrize(
    "missing", [{}, {"wechat_callback_token": CALLBACK_TOKEN, "wechat_callback_key": CALLBACK_KEY}]
)
def test_without_its_settings_there_is_no_such_address(server, tmp_path, missing):
    with server.clone() as url, application(url, tmp_path, **missing) as app:
        client = app.test_client()
        refused(client.get(PATH, query_string=WECHAT.greeting(MONDAY)), 404)
        request = WECHAT.push(sent_event(), MONDAY)
        refused(client.post(PATH, query_string=request.query, data=request.body), 404)
