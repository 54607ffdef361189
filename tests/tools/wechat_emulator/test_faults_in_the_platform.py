"""Faults that the platform itself seems to have, and which calls a rule strikes."""

import json

import pytest

from tests.tools.wechat_emulator.caller import CREDENTIALS, DUE
from tests.wechat import Refused

SENDING = {"path": "subscribe/send"}


def codes(caller, openid: str, count: int) -> list[int]:
    token = caller.token()
    return [caller.send(openid, token=token)["errcode"] for _ in range(count)]


@pytest.mark.parametrize(("acts", "arrived"), [(False, 0), (True, 1)])
def test_any_errcode_with_or_without_acting(caller, wechat, openid, acts, arrived):
    wechat.fault("errcode", match=SENDING, times=1, act=acts)
    told = caller.send(openid)
    assert told["errcode"] == -1
    assert told["errmsg"].startswith("system error rid: ")
    assert len(wechat.messages(openid)) == arrived


def test_an_errcode_as_text(caller, wechat, openid):
    wechat.fault("errcode", match=SENDING, errcode=45009, errmsg="quota", as_text=True)
    assert caller.send(openid) == {"errcode": "45009", "errmsg": "quota"}


def test_tokens_expire_at_every_use_until_the_fault_is_gone(caller, wechat, openid):
    wechat.fault("token_expire", match=SENDING)
    assert [caller.send(openid)["errcode"] for _ in range(3)] == [42001] * 3
    wechat.clear_faults()
    assert caller.send(openid)["errcode"] == 0


def test_tokens_become_invalid_once(caller, wechat, openid):
    wechat.fault("token_invalidate", match=SENDING, times=1, after=1)
    assert codes(caller, openid, 3) == [0, 40001, 40001]
    assert caller.send(openid)["errcode"] == 0


@pytest.mark.parametrize(("effect", "errcode"), [("secret_wrong", 40125), ("ip_refused", 40164)])
def test_calls_with_the_secret_are_refused(caller, wechat, openid, effect, errcode):
    token, code = caller.token(), wechat.login_code(openid)
    wechat.fault(effect)
    assert caller.ask_stable()["errcode"] == errcode
    assert caller.get("cgi-bin/token", **CREDENTIALS)["errcode"] == errcode
    assert caller.session(code)["errcode"] == errcode
    assert caller.send(openid, token=token)["errcode"] == 0, "the others go on"


def test_the_refused_address_is_named(caller, wechat):
    wechat.fault("ip_refused")
    expected = "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: "
    assert caller.ask_stable()["errmsg"].startswith(expected)


@pytest.mark.parametrize(
    ("per", "errcode", "seconds"), [("minute", 45011, 60), ("day", 45009, 86_400)]
)
def test_a_rate_limit_ends_with_its_window(caller, openid, per, errcode, seconds):
    caller.wechat.fault("rate_limit", match=SENDING, per=per, limit=2)
    at = caller.wechat.get("health")["at"]
    caller.wechat.advance(seconds - at % seconds)
    assert codes(caller, openid, 3) == [0, 0, errcode]
    assert caller.wechat.quota(openid, DUE) == 1
    caller.wechat.advance(seconds)
    assert caller.send(openid)["errcode"] == 0


def test_a_rate_limit_for_each_person(caller, wechat, openid):
    wechat.fault("rate_limit", match=SENDING, per="user", limit=1)
    other = wechat.make_user()
    wechat.accept(other)
    at = wechat.get("health")["at"]
    wechat.advance(60 - at % 60)
    assert codes(caller, openid, 2) == [0, 45011]
    assert codes(caller, other, 1) == [0]


def test_a_message_arrives_twice(caller, wechat, openid):
    wechat.fault("duplicate_delivery", match=SENDING, times=1)
    msgid = caller.send(openid)["msgid"]
    assert [message["msgid"] for message in wechat.messages(openid)] == [msgid, msgid]
    assert wechat.quota(openid, DUE) == 2


def test_a_message_is_accepted_and_lost(caller, wechat, openid):
    wechat.fault("silent_drop", match=SENDING, times=1)
    assert caller.send(openid)["errcode"] == 0
    assert not wechat.messages(openid)
    assert wechat.quota(openid, DUE) == 2


def test_a_server_whose_clock_is_ahead(caller, wechat, openid):
    code, token = wechat.login_code(openid), caller.token()
    wechat.fault("clock_skew", match={"path": "jscode2session"}, seconds=301)
    assert caller.session(code)["errcode"] == 40029
    wechat.fault("clock_skew", match=SENDING, times=1, seconds=7_300)
    assert [caller.send(openid, token=token)["errcode"] for _ in range(2)] == [42001, 0]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"times": 1}, [-1, 0, 0]),
        ({"after": 1}, [0, -1, -1]),
        ({"after": 1, "times": 1}, [0, -1, 0]),
        ({"match": {"nth": 2}}, [0, -1, 0]),
        ({"match": {"path": "/cgi-bin/message/subscribe/send"}}, [-1, -1, -1]),
        ({"match": {"path": "scribe/send"}}, [0, 0, 0]),
        ({"match": {"template": DUE}}, [-1, -1, -1]),
        ({"match": {"template": "another"}}, [0, 0, 0]),
        ({"match": {"openid": "another"}}, [0, 0, 0]),
        ({"match": {"app": "wxffffffffffffffff"}}, [0, 0, 0]),
        ({"probability": 0}, [0, 0, 0]),
    ],
)
def test_which_calls_a_rule_strikes(caller, wechat, openid, rule, expected):
    token = caller.token()
    wechat.post("faults", effect="errcode", **{"match": SENDING} | rule)
    assert [caller.send(openid, token=token)["errcode"] for _ in range(3)] == expected


def test_chance_repeats_itself_with_its_seed(caller, wechat, openid):
    token, runs = caller.token(), []
    wechat.accept(openid, DUE, times=60)
    for _ in range(2):
        wechat.clear_faults()
        wechat.post("faults", effect="errcode", match=SENDING, probability=0.5, seed=7)
        runs.append([caller.send(openid, token=token)["errcode"] for _ in range(20)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {0, -1}


def test_a_rule_for_somebody_strikes_their_codes_too(caller, wechat, openid):
    wechat.fault("errcode", match={"openid": openid})
    assert caller.session(wechat.login_code(openid))["errcode"] == -1
    assert caller.phone(wechat.phone_code(openid))["errcode"] == -1
    assert "openid" in caller.session(wechat.login_code(wechat.make_user()))


def test_the_first_rule_that_matches_wins(caller, wechat, openid):
    wechat.fault("errcode", match=SENDING, times=1, errcode=45009)
    second = wechat.fault("errcode", match=SENDING, errcode=45011)
    assert codes(caller, openid, 2) == [45009, 45011]
    assert [rule["struck"] for rule in wechat.get("faults")["faults"]] == [1, 1]
    wechat.ask("DELETE", f"faults?id={second}")
    assert codes(caller, openid, 1) == [0]


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"effect": "explode"},
        {"effect": {"kind": "latency", "sec": 5}},
        {"effect": {"kind": "latency", "ms": "5"}},
        {"effect": "hang", "match": {"url": "/x"}},
        {"effect": "hang", "match": {"path": 5}},
        {"effect": "hang", "match": []},
        {"effect": "hang", "time": 5},
        {"effect": "hang", "times": -1},
        {"effect": "hang", "probability": 2},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wechat, rule):
    with pytest.raises(Refused) as refused:
        wechat.post("faults", **rule)
    assert refused.value.args[0] == 400
    assert not wechat.get("faults")["faults"]


def test_calls_tell_what_struck_them(caller, wechat, openid):
    wechat.fault("errcode", match=SENDING, times=1)
    codes(caller, openid, 2)
    struck, whole = wechat.calls("subscribe/send")
    assert (struck["fault"], struck["errcode"]) == ("errcode", -1)
    assert (whole["fault"], whole["errcode"], whole["status"]) == (None, 0, 200)
    assert json.loads(whole["body"])["touser"] == openid
