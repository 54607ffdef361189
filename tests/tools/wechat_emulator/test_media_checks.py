"""media_check_async: taken at once, told by a push, steered by rules for addresses."""

import pytest

from tests.wechat import Refused

CALL = "wxa/media_check_async"
URL = "https://service.example.gov.cn/api/v1/attachments/7/content"


def asked(caller, openid: str, /, **changes) -> dict:
    body = {"version": 2, "scene": 2, "openid": openid, "media_url": URL, "media_type": 2} | changes
    return caller.post(CALL, body, access_token=caller.token())


def results(wechat) -> list[dict]:
    return [one["message"] for one in wechat.pushes("wxa_media_check")]


@pytest.fixture
def listening(wechat):
    """Somebody is told; nobody answers there, so that every push is tried three times."""
    wechat.push_to("http://127.0.0.1:9/", "token", "k" * 43)
    return wechat


def test_the_answer_is_a_trace_and_the_verdict_comes_by_a_push(caller, openid, listening):
    listening.post("media-rules", pattern="/7/", suggest="risky", label=20002)
    told = asked(caller, openid)
    assert told["errcode"] == 0
    answer = listening.get("pushes/wait", event="wxa_media_check", count=1, timeout=20)
    [message, *_] = [one["message"] for one in answer["pushes"]]
    assert message["trace_id"] == told["trace_id"]
    assert (message["errcode"], message["version"]) == (0, 2)
    assert message["result"] == {"suggest": "risky", "label": 20002}
    assert message["appid"] == "wx0123456789abcdef"


def test_what_cannot_be_fetched_is_told_too(caller, openid, listening):
    listening.post("media-rules", pattern=".", errcode=-1008)
    asked(caller, openid)
    answer = listening.get("pushes/wait", event="wxa_media_check", count=1, timeout=20)
    [message, *_] = [one["message"] for one in answer["pushes"]]
    assert message["errcode"] == -1008
    assert "result" not in message


def test_results_are_held_back_and_let_go(caller, openid, listening):
    listening.put("media-results", held=True)
    asked(caller, openid)
    assert results(listening) == []
    listening.put("media-results", held=False)
    assert listening.get("pushes/wait", event="wxa_media_check", count=1, timeout=20)["complete"]


def test_what_was_asked_is_seen(caller, openid, wechat):
    told = asked(caller, openid)
    [one] = wechat.get("media-checks")["checks"]
    assert (one["media_url"], one["trace_id"]) == (URL, told["trace_id"])


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"media_url": "ftp://x"}, 40097),
        ({"media_url": ""}, 40097),
        ({"media_type": 3}, 40097),
        ({"scene": 9}, 40129),
        ({"version": 1}, 47001),
        ({"openid": "nobody"}, 40003),
    ],
)
def test_a_wrong_question_is_refused(caller, openid, changes, errcode):
    assert asked(caller, openid, **changes)["errcode"] == errcode


def test_the_person_must_have_been_here_within_two_hours(caller, wechat, openid):
    wechat.advance(7_201)
    assert asked(caller, openid)["errcode"] == 61010


@pytest.mark.parametrize(
    ("limit", "errcode"),
    [
        ("media_check_async/minute", 45009),
        ("media_check_async/day", 45009),
        ("msg_sec_check/minute", 44991),
    ],
)
def test_only_so_many_may_be_asked(caller, wechat, openid, limit, errcode):
    path = f"wxa/{limit.partition('/')[0]}"
    wechat.put("quota", limit=limit, most=0)
    body = {"version": 2, "scene": 2, "openid": openid, "content": "好"}
    body |= {"media_url": URL, "media_type": 2}
    assert caller.post(path, body, access_token=caller.token())["errcode"] == errcode


@pytest.mark.parametrize("rule", [{"pattern": "("}, {"pattern": "x", "suggest": "maybe"}, {}])
def test_a_rule_that_makes_no_sense_is_refused(wechat, rule):
    with pytest.raises(Refused):
        wechat.post("media-rules", **rule)
