"""Events that the platform pushes to the mini-program's server."""

import json
from collections.abc import Iterator

import pytest
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import check_signature

from tests.tools.wechat_emulator.caller import DUE
from tests.tools.wechat_emulator.listening import KEY, TOKEN, Listener, listening
from tests.wechat import PATIENCE, TEMPLATES, Refused

SENT, POPUP = "subscribe_msg_sent_event", "subscribe_msg_popup_event"


@pytest.fixture
def ear(wechat) -> Iterator[Listener]:
    """A server to which the emulator pushes."""
    with listening() as made:
        wechat.push_to(made.url, TOKEN, KEY)
        yield made
        wechat.push_to("")


def tried(wechat, count: int) -> list[dict]:
    """So many tries, once they have been made."""
    answer = wechat.get("pushes/wait", count=count, timeout=PATIENCE)
    assert answer["complete"], answer
    return answer["pushes"]


def test_an_accepted_send_is_followed_by_its_event(caller, wechat, openid, ear):
    msgid = caller.send(openid)["msgid"]
    [attempt] = tried(wechat, 1)
    assert (attempt["event"], attempt["outcome"]) == (SENT, "accepted")
    message = ear.opened()
    assert message["FromUserName"] == openid
    assert message["ToUserName"].startswith("gh_")
    assert message["List"] == {
        "TemplateId": DUE,
        "MsgID": str(msgid),
        "ErrorCode": "0",
        "ErrorStatus": "success",
    }
    query, body = ear.heard[0]
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    assert (query["openid"], query["encrypt_type"]) == (openid, "aes")
    assert json.loads(body).keys() == {"ToUserName", "Encrypt"}


def test_a_refused_send_pushes_nothing_and_a_lost_one_its_failure(caller, wechat, openid, ear):
    wechat.fault("silent_drop", match={"path": "subscribe/send"})
    caller.send("nobody")
    caller.send(openid)
    tried(wechat, 1)
    assert len(ear.heard) == 1
    assert ear.opened()["List"]["ErrorStatus"] != "success"


def test_the_popup_tells_one_choice_as_an_object_and_several_as_a_list(wechat, openid, ear):
    pair = [TEMPLATES["即将到期"], TEMPLATES["已超期"]]
    wechat.post("subscribe", openid=openid, template_ids=pair, push=True)
    wechat.accept(openid, "即将到期", push=True)
    wechat.accept(openid, "即将到期")
    tried(wechat, 2)
    several, one = ear.opened(0), ear.opened(1)
    assert several["Event"] == one["Event"] == POPUP
    assert [row["TemplateId"] for row in several["List"]] == pair
    assert one["List"] == {
        "TemplateId": DUE,
        "SubscribeStatusString": "accept",
        "PopupScene": "0",
    }
    assert len(ear.heard) == 2


def test_the_settings_tell_refusals(wechat, openid, ear):
    wechat.refuse(openid, "即将到期", push=True)
    tried(wechat, 1)
    assert ear.opened()["Event"] == "subscribe_msg_change_event"
    assert ear.opened()["List"]["SubscribeStatusString"] == "reject"


@pytest.mark.parametrize(
    ("answers", "outcomes"),
    [
        ([(200, b"")], ["accepted"]),
        ([(500, b""), (200, b"success")], ["http 500", "accepted"]),
        ([(200, b"<xml/>")] * 3, ["answer not understood"] * 3),
        ([(403, b"")] * 4, ["http 403"] * 3),
    ],
)
def test_a_push_is_tried_three_times(caller, openid, ear, answers, outcomes):
    ear.answers = list(answers)
    caller.send(openid)
    attempts = tried(caller.wechat, len(outcomes))
    assert [attempt["outcome"] for attempt in attempts] == outcomes
    assert [attempt["attempt"] for attempt in attempts] == list(range(1, len(outcomes) + 1))
    assert len({body for _, body in ear.heard}) == 1


def test_a_slow_server_is_given_up(caller, wechat, openid, ear):
    ear.is_mute = True
    wechat.put("push-target", url=ear.url, token=TOKEN, key=KEY, timeout=0.02)
    caller.send(openid)
    assert [attempt["outcome"] for attempt in tried(wechat, 3)] == ["ReadTimeout"] * 3


def test_without_a_target_nothing_is_pushed(caller, wechat, openid):
    caller.send(openid)
    assert not wechat.get("pushes")["pushes"]


@pytest.mark.parametrize(
    ("effect", "outcomes"),
    [
        ("push_drop", ["dropped"]),
        ("push_duplicate", ["accepted", "accepted"]),
        ("push_replay", ["accepted", "accepted"]),
    ],
)
def test_pushes_are_lost_or_come_twice(caller, openid, ear, effect, outcomes):
    caller.wechat.fault(effect, match={"event": SENT}, times=1)
    caller.send(openid)
    attempts = tried(caller.wechat, len(outcomes))
    assert [attempt["outcome"] for attempt in attempts] == outcomes
    assert {attempt["fault"] for attempt in attempts} == {effect}
    if effect == "push_drop":
        assert not ear.heard
    else:
        assert ear.opened(0) == ear.opened(1)
        assert (ear.heard[0] == ear.heard[1]) == (effect == "push_replay")


def test_pushes_that_must_not_be_believed(caller, wechat, openid, ear):
    for effect in ("push_wrong_signature", "push_wrong_appid", "push_plain"):
        wechat.fault(effect, times=1)
        caller.send(openid)
    tried(wechat, 3)
    with pytest.raises(InvalidSignatureException):
        ear.opened(0)
    with pytest.raises(InvalidAppIdException):
        ear.opened(1)
    query, body = ear.heard[2]
    assert "msg_signature" not in query
    assert json.loads(body)["Event"] == SENT


def test_events_of_ones_own(wechat, ear):
    wechat.post("push", event="wxa_media_check", openid="o-somebody", trace_id="t1")
    tried(wechat, 1)
    message = ear.opened()
    assert (message["Event"], message["trace_id"]) == ("wxa_media_check", "t1")


def test_the_handshake_wants_the_bare_echostr(wechat, ear):
    assert wechat.post("push-target/verify") == {"ok": False, "status": 200, "reason": "echostr"}
    query, _ = ear.heard[0]
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    ear.answer = lambda query, _body: (200, query["echostr"].encode())
    assert wechat.post("push-target/verify")["ok"]


@pytest.mark.parametrize(
    "target", [{"url": "ftp://x", "token": "t", "key": KEY}, {"url": "http://x", "key": KEY}]
)
def test_a_target_that_makes_no_sense_is_refused(wechat, target):
    with pytest.raises(Refused):
        wechat.put("push-target", **target)
    with pytest.raises(Refused):
        wechat.put("push-target", url="http://127.0.0.1/", token="t", key="short")
    with pytest.raises(Refused):
        wechat.post("push-target/verify")
