"""Pushes of the platform: only what it signed just now, for us, is opened; and it is read right."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from services.gateways.wechat_callback import Callback, NotFromWeChat
from services.gateways.wechat_push import Push, SendReport
from tests.applications import CALLBACK_KEY, CALLBACK_TOKEN
from tests.architecture.tree import ROOT
from tests.domain.calendars import local
from tests.factories import MONDAY
from tests.wechat import APPID
from tests.wechat_pushes import (
    MESSAGE_ID,
    NONCE,
    OPENID,
    TEMPLATE_ID,
    Request,
    Sender,
    event,
    report,
    signature,
)
from tools.wechat_emulator.envelopes import Envelope, Target, seal

NOW = local("2026-06-10 10:00")
SECOND = timedelta(seconds=1)
FIVE_MINUTES = timedelta(minutes=5)
OURS = Callback(appid=APPID, token=CALLBACK_TOKEN, key=CALLBACK_KEY)
WECHAT = Sender()
SENT = SendReport(TEMPLATE_ID, MESSAGE_ID, is_delivered=True)


def vector(name: str) -> dict[str, Any]:
    text = (ROOT / "tests/data/wechat/vectors.json").read_text(encoding="utf-8")
    return next(one for one in json.loads(text)["vectors"] if one["id"] == name)


def opened(request: Request, at: datetime = NOW, ours: Callback = OURS) -> Push:
    return ours.open(request.query, request.body, at=at)


def refusal(query: dict[str, str], body: bytes = b"", at: datetime = NOW) -> str:
    with pytest.raises(NotFromWeChat) as caught:
        OURS.open(query, body, at=at)
    return caught.value.reason


@pytest.mark.parametrize("name", ["push_verify_official", "mp_signature_wechatpy"])
def test_a_published_signature_of_an_address(name):
    known = vector(name)
    ours = Callback(appid=APPID, token=known["token"], key=CALLBACK_KEY)
    at = datetime.fromtimestamp(int(known["timestamp"]), UTC)
    query = {part: known[part] for part in ("timestamp", "nonce", "signature")}
    echostr = known.get("echostr", "echo")
    assert ours.check_address(query | {"echostr": echostr}, at=at) == echostr


def test_a_published_push_in_safe_mode():
    known = vector("push_secure_json_official")
    ours = Callback(appid=known["appid"], token=known["token"], key=known["encoding_aes_key"])
    at = datetime.fromtimestamp(int(known["query"]["timestamp"]), UTC)
    push = ours.open(known["query"], json.dumps(known["body"]).encode(), at=at)
    assert push == Push("debug_demo", known["query"]["openid"], created_at=at)


@pytest.mark.parametrize("xml", [False, True])
@pytest.mark.parametrize(
    ("listed", "sends"),
    [
        (report(), (SENT,)),
        ([report()], (SENT,)),
        (
            [report(), report(code="1", message_id="1002")],
            (SENT, SendReport(TEMPLATE_ID, "1002", is_delivered=False)),
        ),
    ],
)
def test_one_report_or_several_in_either_format(xml, listed, sends):
    push = opened(WECHAT.push(event(List=listed), NOW, xml=xml))
    assert push == Push("subscribe_msg_sent_event", OPENID, sends, MONDAY)


def test_what_the_stand_in_for_wechat_pushes_is_understood_and_its_faults_are_not():
    target = Target("http://127.0.0.1:1/", CALLBACK_TOKEN, CALLBACK_KEY)

    def sealed(fault: str) -> Envelope:
        return seal(target, APPID, event(List=report()), NOW.timestamp(), fault)

    parcel = sealed("")
    assert OURS.open(parcel.query, parcel.body, at=NOW).sends == (SENT,)
    for fault in ("push_plain", "push_wrong_appid", "push_wrong_signature"):
        parcel = sealed(fault)
        assert refusal(parcel.query, parcel.body)


def test_ids_and_codes_may_be_numbers_in_json():
    message = event(List=report(code=0, message_id=1700827132819554304))
    [sent] = opened(WECHAT.push(message, NOW)).sends
    assert (sent.provider_id, sent.is_delivered) == ("1700827132819554304", True)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"List": None},
        {"List": "text"},
        {"List": []},
        {"List": [None, 1, ["x"], {}]},
        {"List": report(template_id="")},
        {"List": report(template_id="a\x00b")},
        {"List": report(message_id=None)},
        {"List": report(message_id="x" * 257)},
        {"List": {"TemplateId": TEMPLATE_ID, "MsgID": MESSAGE_ID}},
        {"List": report(), "FromUserName": None},
        {"List": report(), "FromUserName": {"a": 1}},
        {"SubscribeMsgSentEvent": "text"},
    ],
)
def test_a_sent_event_that_says_too_little_reports_nothing(changes):
    push = opened(WECHAT.push(event(**changes), NOW))
    assert (push.event, push.sends) == ("subscribe_msg_sent_event", ())


def test_other_events_are_known_by_their_name_alone():
    assert opened(WECHAT.push(event("subscribe_msg_popup_event", List=report()), NOW)) == Push(
        "subscribe_msg_popup_event", OPENID, created_at=MONDAY
    )
    text = {"FromUserName": OPENID, "MsgType": "text", "Content": "你好"}
    assert opened(WECHAT.push(text, NOW)) == Push("text", OPENID, said="你好")


@pytest.mark.parametrize(
    ("late", "is_fresh"),
    [
        (FIVE_MINUTES, True),
        (FIVE_MINUTES + SECOND, False),
        (-FIVE_MINUTES, True),
        (-FIVE_MINUTES - SECOND, False),
    ],
)
def test_a_message_is_good_for_five_minutes(late, is_fresh):
    push, greeting = WECHAT.push(event(), NOW), WECHAT.greeting(NOW)
    at = NOW + late
    if is_fresh:
        assert opened(push, at).event
        assert OURS.check_address(greeting, at=at)
    else:
        assert refusal(push.query, push.body, at) == "not fresh"
        with pytest.raises(NotFromWeChat):
            OURS.check_address(greeting, at=at)


@pytest.mark.parametrize(
    "stranger",
    [
        Sender(token="another"),
        Sender(appid="wxffffffffffffffff"),
        Sender(key="x" * 42 + "A"),
    ],
    ids=["token", "appid", "key"],
)
def test_another_token_appid_or_key_is_a_stranger(stranger):
    push = stranger.push(event(List=report()), NOW)
    assert refusal(push.query, push.body)


def test_the_signature_covers_the_cipher_and_the_query():
    push, other = WECHAT.push(event(), NOW), WECHAT.push(event("other"), NOW)
    assert refusal(push.query, other.body) == "signature"
    assert refusal(push.query | {"nonce": "1"}, push.body) == "signature"
    at = push.query["timestamp"]
    assert refusal(push.query | {"timestamp": f"{int(at) + 1}"}, push.body) == "signature"
    assert refusal(push.query | {"msg_signature": ""}, push.body) == "signature"


def test_the_signature_of_the_query_opens_no_envelope():
    push = WECHAT.push(event(), NOW)
    query = push.query | {"msg_signature": push.query["signature"]}
    assert refusal(query, push.body) == "signature"
    assert refusal(query, b'{"Encrypt": ""}') == "TypeError"


def test_plain_mode_is_refused_for_nobody_signs_its_body():
    plain = json.dumps(event(List=report())).encode()
    query = WECHAT.greeting(NOW)
    assert refusal(query, plain) == "plain mode"
    assert refusal(query | {"encrypt_type": "raw"}, plain) == "plain mode"


@pytest.mark.parametrize("echostr", ["", "a b", "a\r\nb", "é", "x" * 257])
def test_an_echo_that_is_no_word_is_refused(echostr):
    with pytest.raises(NotFromWeChat):
        OURS.check_address(WECHAT.greeting(NOW, echostr), at=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "1" * 5000,
        "[" * 100_000,
        "<xml>",
        "<xml>text</xml>",
        "<other><Event>a</Event></other>",
        "<xml><a></xml>",
        '<!DOCTYPE x [<!ENTITY a "b">]><xml><Event>&a;</Event></xml>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml>&a;</xml>',
    ],
)
def test_a_text_that_is_no_message_is_refused_inside_and_out(text):
    sealed = WECHAT.push(text, NOW)
    assert refusal(sealed.query, sealed.body)
    assert refusal(sealed.query, text.encode())


CIPHERS: list[Any] = [None, 7, {}, ["a"], "", "a", "=", "AAAA", "A" * 24, "中", "\ud800", "A" * 44]


@pytest.mark.parametrize("cipher", CIPHERS, ids=repr)
def test_a_cipher_that_is_none_is_refused_though_it_is_signed(cipher):
    request = WECHAT.envelope(cipher if cipher != "\ud800" else "x", NOW)
    body = json.dumps({"Encrypt": cipher}).encode()
    assert refusal(request.query, body)


def test_an_envelope_with_nothing_inside_is_refused():
    key = WeChatCrypto(CALLBACK_TOKEN, CALLBACK_KEY, APPID).key
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    hollow = base64.b64encode(cipher.update(b"r" * 16 + bytes([16]) * 16)).decode()
    request = WECHAT.envelope(hollow, NOW)
    assert refusal(request.query, request.body) == "error"


ANY_QUERY = st.dictionaries(
    st.sampled_from(["timestamp", "nonce", "signature", "msg_signature", "encrypt_type", "x"]),
    st.one_of(st.text(), st.just("aes"), st.just(str(int(NOW.timestamp())))),
)


@given(query=ANY_QUERY, body=st.one_of(st.binary(), st.text().map(str.encode)))
def test_whatever_a_stranger_sends_is_refused(query, body):
    assert refusal(query, body)
    with pytest.raises(NotFromWeChat):
        OURS.check_address(query, at=NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(changes=st.dictionaries(st.sampled_from([*event(), "List", "SubscribeMsgSentEvent"]), JSON))
def test_whatever_the_platform_sends_is_read_without_a_fault(changes):
    push = opened(WECHAT.push(event() | changes, NOW))
    assert all(sent.template_id and sent.provider_id for sent in push.sends)


@given(noise=st.binary(max_size=200))
def test_whatever_is_signed_but_not_encrypted_is_refused(noise):
    cipher = noise.hex()
    timestamp = str(int(NOW.timestamp()))
    signed = signature(CALLBACK_TOKEN, timestamp, NONCE, cipher)
    query = {"timestamp": timestamp, "nonce": NONCE, "msg_signature": signed}
    body = json.dumps({"Encrypt": cipher}).encode()
    assert refusal(query | {"encrypt_type": "aes"}, body)


def test_secrets_and_people_stay_out_of_texts():
    assert CALLBACK_TOKEN not in repr(OURS)
    assert CALLBACK_KEY not in repr(OURS)
    assert OPENID not in repr(opened(WECHAT.push(event(List=report()), NOW)))
