"""Judgement of content: what the platform is told, and what counts as its verdict."""

import json

import pytest

from app.domain.content_checks import Judgement, Scene
from services.gateways.wechat import Subject
from services.gateways.wechat_errors import Call, Limited, Misconfigured, Rejected, WeChatError
from tests.services.gateways.wechat_parts import fault, gateway, hasty_gateway

TEXT, FILE = "msg_sec_check", "media_check_async"
URL = "https://service.example.gov.cn/api/v1/attachments/7/content?expires=1&signature=2"


@pytest.fixture
def subject(wechat) -> Subject:
    return Subject(wechat.make_user(), Scene.FORUM)


@pytest.mark.parametrize(
    ("content", "judgement"),
    [
        ("厂区道路积水", Judgement("pass", 100)),
        ("请加微信", Judgement("review", 10001)),
        ("代开发票", Judgement("risky", 10001)),
    ],
)
def test_words_are_judged_by_the_result_and_not_by_errcode(wechat, subject, content, judgement):
    assert gateway(wechat.base).check_text(subject, content) == judgement


def test_the_platform_is_told_no_more_than_it_asks_for(wechat, subject):
    ours = gateway(wechat.base)
    ours.check_text(subject, "积水")
    trace_id = ours.check_picture(subject, URL)
    who = {"version": 2, "openid": subject.openid, "scene": 3}
    assert told(wechat, TEXT) == [who | {"content": "积水"}]
    assert told(wechat, FILE) == [who | {"media_url": URL, "media_type": 2}]
    [check] = wechat.get("media-checks")["checks"]
    assert check["trace_id"] == trace_id


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [(61010, Rejected), (40003, Rejected), (40129, Misconfigured), (44991, Limited)],
)
@pytest.mark.parametrize("path", [TEXT, FILE])
def test_an_error_is_what_its_row_says(wechat, subject, path, errcode, kind):
    wechat.fault("errcode", match={"path": path}, errcode=errcode)
    with pytest.raises(kind) as caught:
        judge(gateway(wechat.base), path, subject)
    assert (caught.value.call, caught.value.errcode) == (Call(path), errcode)


@pytest.mark.parametrize(
    "effect", ["html200", "empty200", "list200", "truncate", "http", "reset_after", "hang"]
)
@pytest.mark.parametrize("path", [TEXT, FILE])
def test_without_a_whole_answer_there_is_no_verdict_and_it_may_be_asked_again(
    wechat, subject, path, effect
):
    fault(wechat, effect, path)
    with pytest.raises(WeChatError) as caught:
        judge(hasty_gateway(wechat.base), path, subject)
    assert caught.value.action in {"retry", "backoff"}


@pytest.mark.parametrize("path", [TEXT, FILE])
def test_errcode_0_alone_is_no_verdict(wechat, subject, path):
    wechat.fault("errcode", match={"path": path}, errcode=0, errmsg="ok")
    with pytest.raises(Limited):
        judge(gateway(wechat.base), path, subject)


def told(wechat, path):
    return [json.loads(call["body"]) for call in wechat.calls(path)]


def judge(ours, path, subject):
    if path == TEXT:
        return ours.check_text(subject, "积水")
    return ours.check_picture(subject, URL)
