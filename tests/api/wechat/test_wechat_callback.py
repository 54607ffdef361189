"""/wechat/callback: the platform's word settles deliveries; nobody else's does anything."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.api.requests import JSON_BYTES
from app.db import db
from app.domain.actor import Role
from app.domain.phone_forms import Template
from app.models.delivery import Delivery
from app.models.wechat import WechatBinding
from tests.applications import CALLBACK_KEY, CALLBACK_TOKEN, application, on_wechat
from tests.callers import API
from tests.factories import MONDAY, make_account, make_binding
from tests.factories.wechat import make_quota, make_template
from tests.phoned import TEMPLATE_ID, make_delivery
from tests.problems import refused
from tests.services.notifications.ledger import entries, remaining
from tests.wechat_pushes import OPENID, Request, Sender, event, report

PATH = f"{API}/wechat/callback"
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
WECHAT = Sender()
ON_WECHAT = on_wechat("http://127.0.0.1:1/")
SECOND, LATE = timedelta(seconds=1), timedelta(minutes=5, seconds=1)


@pytest.fixture
def push(client):
    """Send a request of the platform at a real time."""

    def send(request: Request, at=MONDAY) -> Any:
        with clock.frozen(at):
            return client.post(
                PATH,
                query_string=request.query,
                data=request.body,
                content_type=request.content_type,
            )

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


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("subscribe_msg_popup_event", "reject"),
        ("subscribe_msg_popup_event", "accept"),
        ("subscribe_msg_change_event", "accept"),
    ],
)
def test_what_the_client_reports_itself_is_not_counted_twice(push, twice, name, status):
    taken(push(WECHAT.push(event(name, List=switch(status)), MONDAY)))
    assert remaining(twice.id, TEMPLATE_ID) == 2


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


NAMES = ["signature", "timestamp", "nonce", "msg_signature", "encrypt_type", "echostr", "openid"]
VALUES = st.one_of(st.text(), st.just("aes"), st.just(str(int(MONDAY.timestamp()))))
QUERIES = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text()), VALUES))
ENVELOPES = st.dictionaries(st.sampled_from(["Encrypt", "ToUserName"]), st.text() | st.integers())
BODIES = st.one_of(st.binary(), st.text().map(str.encode), ENVELOPES.map(json.dumps))


@pytest.fixture(scope="module")
def without_database(tmp_path_factory):
    """Whoever is refused is refused before anybody asks the database."""
    home = tmp_path_factory.mktemp("home")
    with application(NOWHERE, home, app_env="production", demo=False, **ON_WECHAT) as app:
        yield app.test_client()


@given(query=QUERIES, body=BODIES)
def test_strangers_find_nothing_but_refusals(without_database, query, body):
    with clock.frozen(MONDAY):
        asked = without_database.get(PATH, query_string=query)
        told = without_database.post(PATH, query_string=query, data=body)
    assert {asked.status_code, told.status_code} == {403}


LEAVES = st.none() | st.booleans() | st.integers() | st.text()
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6
)
NESTS = ["SubscribeMsgSentEvent", "SubscribeMsgChangeEvent"]
FIELDS = st.sampled_from(["List", "FromUserName", "CreateTime", "Event", "MsgType", *NESTS])
WORDS = ["TemplateId", "MsgID", "ErrorCode", "SubscribeStatusString"]
REPORTS = st.dictionaries(st.sampled_from(WORDS), TREES | st.just("reject"))
EVENTS = st.sampled_from(["subscribe_msg_sent_event", "subscribe_msg_change_event"])


@pytest.fixture(scope="module")
def with_database(server, tmp_path_factory):
    """On a clone of its own, which the examples of a test share."""
    home = tmp_path_factory.mktemp("home")
    with server.clone() as url, application(url, home, **ON_WECHAT) as app:
        yield app.test_client()


@given(name=EVENTS, message=st.dictionaries(FIELDS, TREES | REPORTS | st.lists(REPORTS)))
def test_odd_things_from_the_platform_itself_are_no_fault(with_database, name, message):
    request = WECHAT.push(event(name) | message, MONDAY)
    with clock.frozen(MONDAY):
        taken(with_database.post(PATH, query_string=request.query, data=request.body))


@given(text=st.text(max_size=60))
def test_odd_texts_from_the_platform_itself_are_refused(with_database, text):
    request = WECHAT.push(text, MONDAY)
    with clock.frozen(MONDAY):
        refused(with_database.post(PATH, query_string=request.query, data=request.body), 403)
