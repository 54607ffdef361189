"""/wechat/callback under broken and hostile bodies: 200 or 403, and of a 403 nothing is left."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import clock
from jobs.work_pushes import work_pushes
from tests.api.wechat.test_wechat_callback import ON_WECHAT, PATH, WECHAT, kept, taken
from tests.applications import application
from tests.factories import MONDAY
from tests.problems import refused
from tests.wechat_pushes import Request, event

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
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
NESTS = ["SubscribeMsgSentEvent", "SubscribeMsgChangeEvent", "SubscribeMsgPopupEvent"]
PLAIN = ["List", "FromUserName", "CreateTime", "Event", "MsgType", "MsgId", "Content"]
FIELDS = st.sampled_from([*PLAIN, *NESTS])
WORDS = ["TemplateId", "MsgID", "ErrorCode", "SubscribeStatusString"]
REPORTS = st.dictionaries(st.sampled_from(WORDS), TREES | st.just("reject"))
EVENTS = st.sampled_from(
    [
        "subscribe_msg_sent_event",
        "subscribe_msg_change_event",
        "subscribe_msg_popup_event",
        "wxa_media_check",
    ]
)


@pytest.fixture(scope="module")
def with_database(server, tmp_path_factory):
    """On a clone of its own, which the examples of a test share."""
    home = tmp_path_factory.mktemp("home")
    with server.clone() as url, application(url, home, **ON_WECHAT) as app:
        yield app


MESSAGES = st.dictionaries(FIELDS, TREES | REPORTS | st.lists(REPORTS))


def told(caller, request: Request) -> Any:
    with clock.frozen(MONDAY):
        return caller.post(
            PATH,
            query_string=request.query,
            data=request.body,
            content_type=request.content_type,
        )


@settings(max_examples=60)
@given(name=EVENTS, message=MESSAGES, is_text=st.booleans())
def test_odd_things_from_the_platform_itself_are_no_fault(with_database, name, message, is_text):
    about = {"MsgType": "text", "Event": None} if is_text else {}
    request = WECHAT.push(event(name) | about | message, MONDAY)
    taken(told(with_database.test_client(), request))
    with with_database.app_context(), clock.frozen(MONDAY):
        assert work_pushes().failures == 0


@settings(max_examples=60)
@given(text=st.text(max_size=60), xml=st.booleans())
def test_odd_texts_from_the_platform_itself_are_refused(with_database, text, xml):
    refused(told(with_database.test_client(), WECHAT.push(text, MONDAY, xml=xml)), 403)


HOSTILE = [
    '<!DOCTYPE a [<!ENTITY x "y">]><xml><Event>&x;</Event></xml>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Event>&x;</Event></xml>',
    "<xml><Event>",
    "<xml/>",
    "[" * 5_000,
    '{"a":' * 5_000,
    '{"a":' + "9" * 5_000 + "}",
    "null",
    '"Encrypt"',
    '{"Event": "\\ud800"',
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_inside_and_around_the_seal_are_refused(client, database, text):
    refused(told(client, WECHAT.push(text, MONDAY)), 403)
    outer = WECHAT.push(event(), MONDAY)
    refused(told(client, Request(outer.query, text.encode())), 403)
    assert kept() == []


@settings(max_examples=60)
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255), xml=st.booleans())
def test_a_push_with_one_other_byte_is_the_same_or_leaves_nothing(with_database, place, byte, xml):
    request = WECHAT.push({"MsgType": "text", "MsgId": place}, MONDAY, xml=xml)
    at = place % len(request.body)
    body = request.body[:at] + bytes([byte]) + request.body[at + 1 :]
    with with_database.app_context():
        before = len(kept())
    answer = told(with_database.test_client(), Request(request.query, body))
    assert answer.status_code in {200, 403}
    with with_database.app_context():
        assert len(kept()) - before <= (answer.status_code == 200)
