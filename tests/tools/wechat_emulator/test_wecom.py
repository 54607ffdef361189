"""企业微信 in the emulator: its checks, its limits, and what it keeps over a restart."""

import pytest

from tests.tools.wechat_emulator.caller import Caller
from tests.wechat import APPID, KEY, SECRET
from tools.wechat_emulator.emulator import Access, Emulator
from tools.wechat_emulator.keeping import keep, take_up
from tools.wechat_emulator.wecom import AGENT_ID, CORP_ID, MOST_MEMBERS, TEXT_BYTES

SEND = "qy/cgi-bin/message/send"
TEXT = {"msgtype": "text", "text": {"content": "待办"}, "agentid": AGENT_ID}
CARD = {"title": "待办", "description": "请尽快办理", "url": "https://example.gov.cn/1"}


@pytest.fixture
def token(caller) -> str:
    return caller.get("qy/cgi-bin/gettoken", corpid=CORP_ID, corpsecret=SECRET)["access_token"]


def send(caller: Caller, token: str, **changes: object) -> dict:
    return caller.post(SEND, {"touser": "zhang", **TEXT, **changes}, access_token=token)


def card(**changes: object) -> dict:
    return {"msgtype": "textcard", "textcard": CARD | changes}


def test_a_token_stays_the_same_while_it_lives(wechat, caller, token):
    asked = {"corpid": CORP_ID, "corpsecret": SECRET}
    assert caller.get("qy/cgi-bin/gettoken", **asked)["access_token"] == token
    wechat.advance(7_200)
    assert caller.get("qy/cgi-bin/gettoken", **asked)["access_token"] != token


def test_the_tokens_of_both_platforms_do_not_open_each_other(wechat, caller, token):
    wechat.make_member("zhang")
    assert send(caller, caller.ask_stable()["access_token"])["errcode"] == 40014
    foreign = caller.post("cgi-bin/message/subscribe/send", {}, access_token=token)
    assert foreign["errcode"] == 40001
    assert send(caller, "")["errcode"] == 41001
    wechat.advance(7_200)
    assert send(caller, token)["errcode"] == 42001


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"agentid": None}, 41011),
        ({"agentid": 5}, 301002),
        ({"msgtype": "video"}, 40008),
        ({"text": {"content": ""}}, 44004),
        ({"text": "x"}, 44004),
        (card(title=""), 41016),
        (card(description=""), 40035),
        (card(url=""), 41010),
        (card(url="ftp://x"), 40039),
        ({"touser": ""}, 40031),
        ({"touser": "|".join(["zhang"] * (MOST_MEMBERS + 1))}, 40031),
        ({"touser": "nobody"}, 81013),
        ({"enable_duplicate_check": 1, "duplicate_check_interval": 14_401}, 40035),
        ({"touser": "|".join(["zhang"] * MOST_MEMBERS)}, 0),
        (card(), 0),
    ],
)
def test_what_is_wrong_is_refused(wechat, caller, token, changes, errcode):
    wechat.make_member("zhang")
    assert send(caller, token, **changes)["errcode"] == errcode
    assert bool(wechat.letters()) is (errcode == 0)


def test_who_is_not_reached_is_named_and_the_others_are(wechat, caller, token):
    wechat.make_member("zhang")
    wechat.make_member("li", "unlicensed")
    told = send(caller, token, touser="Zhang|li|nobody")
    assert (told["invaliduser"], told["unlicenseduser"]) == ("nobody", "li")
    assert [letter["userid"] for letter in wechat.letters()] == ["zhang"]


def test_what_is_too_long_is_cut(wechat, caller, token):
    wechat.make_member("zhang")
    send(caller, token, text={"content": "字" * TEXT_BYTES})
    assert len(wechat.letters()[0]["text"].encode()) == TEXT_BYTES // 3 * 3


def test_too_many_to_one_member_are_dropped_without_a_word(wechat, caller, token):
    wechat.make_member("zhang")
    wechat.post("clock", advance=60 - wechat.get("state")["at"] % 60)
    for _ in range(31):
        assert send(caller, token)["errcode"] == 0
    assert len(wechat.letters()) == 30


def test_without_the_wish_a_repetition_is_shown_again(wechat, caller, token):
    wechat.make_member("zhang")
    for check in (0, 1, 1):
        send(caller, token, enable_duplicate_check=check, duplicate_check_interval=60)
    assert len(wechat.letters()) == 2


def test_members_letters_and_marks_outlive_the_process(wechat, tmp_path):
    path = tmp_path / "state.json"
    access = Access(appid=APPID, secret=SECRET, key=KEY)
    first, second = Emulator(access), Emulator(access)
    first.state.letters.append({"userid": "zhang"})
    first.state.letter_marks["mark"] = ("letter-1", 7.0)
    keep(first, path)
    take_up(second, path)
    assert list(second.state.letters) == [{"userid": "zhang"}]
    assert second.state.letter_marks == {"mark": ("letter-1", 7.0)}
