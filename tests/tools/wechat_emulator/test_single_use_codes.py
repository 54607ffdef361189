"""Log-in and phone codes: once, for five minutes, for this mini-program, for this use."""

import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.tools.wechat_emulator.caller import CREDENTIALS
from tests.wechat import APPID, PATIENCE


def test_a_code_tells_who_somebody_is(caller, wechat, openid):
    told = caller.session(wechat.login_code(openid))
    assert told.keys() == {"openid", "session_key", "unionid"}
    assert (told["openid"], told["unionid"]) == (openid, "union-1")
    assert "unionid" not in caller.session(wechat.login_code(wechat.make_user()))


def test_the_answer_says_that_it_is_plain_text(caller, wechat, openid):
    query = {"grant_type": "authorization_code", **CREDENTIALS}
    for code in (wechat.login_code(openid), "never-given"):
        status, headers, _ = caller.exchange(
            "GET", "sns/jscode2session", {**query, "js_code": code}
        )
        assert (status, headers["Content-Type"]) == (200, "text/plain")


def test_a_code_works_once(caller, wechat, openid):
    code = wechat.login_code(openid)
    caller.session(code)
    again = caller.session(code)
    assert again["errcode"] == 40163
    assert again["errmsg"].startswith("code been used rid: ")


def test_parallel_use_of_one_code_lets_one_through(caller, wechat, openid):
    code, barrier = wechat.login_code(openid), Barrier(2, timeout=PATIENCE)

    def use() -> int:
        barrier.wait()
        return caller.session(code).get("errcode", 0)

    with ThreadPoolExecutor(2) as pool:
        uses = [pool.submit(use) for _ in range(2)]
    assert sorted(each.result() for each in uses) == [0, 40163]


@pytest.mark.parametrize(("seconds", "errcode"), [(298, 0), (300, 40029)])
def test_codes_live_five_minutes(caller, wechat, openid, seconds, errcode):
    login, phone = wechat.login_code(openid), wechat.phone_code(openid)
    wechat.advance(seconds)
    assert caller.session(login).get("errcode", 0) == errcode
    assert caller.phone(phone)["errcode"] == errcode


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"js_code": "never-given"}, 40029),
        ({"js_code": ""}, 41008),
        ({"grant_type": "client_credential"}, 40002),
        ({"secret": "0" * 32}, 40125),
        ({"appid": "wxffffffffffffffff"}, 40013),
    ],
)
def test_a_wrong_asking_for_a_session_is_refused(caller, wechat, openid, changes, errcode):
    assert caller.session(wechat.login_code(openid), **changes)["errcode"] == errcode


def test_the_code_of_another_mini_program_is_invalid(caller, wechat):
    stranger = wechat.make_user("13800000009", appid="wxffffffffffffffff")
    assert caller.session(wechat.login_code(stranger))["errcode"] == 40029
    assert caller.phone(wechat.phone_code(stranger))["errcode"] == 40029


def test_a_risky_person_is_blocked(caller, wechat):
    risky = wechat.make_user(risk=True)
    assert caller.session(wechat.login_code(risky))["errcode"] == 40226


def test_a_hundred_log_ins_a_minute(caller, wechat, openid):
    wechat.put("quota", limit="jscode2session/minute", most=1)
    other = wechat.make_user()
    caller.session(wechat.login_code(openid))
    code = wechat.login_code(openid)
    refused = caller.session(code)
    assert refused["errcode"] == 45011
    assert refused["errmsg"].startswith("api minute-quota reach limit  mustslower")
    assert "openid" in caller.session(wechat.login_code(other))
    wechat.advance(60)
    assert "openid" in caller.session(code), "a refused code is not used up"


def test_a_phone_code_tells_the_number(caller, wechat, openid):
    told = caller.phone(wechat.phone_code(openid), openid=openid)
    assert (told["errcode"], told["errmsg"]) == (0, "ok")
    told["phone_info"]["watermark"].pop("timestamp")
    assert told["phone_info"] == {
        "phoneNumber": "13800000001",
        "purePhoneNumber": "13800000001",
        "countryCode": "86",
        "watermark": {"appid": APPID},
    }


def test_a_phone_may_hold_another_number_or_one_from_abroad(caller, wechat, openid):
    other = caller.phone(wechat.phone_code(openid, "13900000002"))
    assert other["phone_info"]["purePhoneNumber"] == "13900000002"
    abroad = wechat.make_user("91234567", country_code="852")
    told = caller.phone(wechat.phone_code(abroad))["phone_info"]
    assert (told["phoneNumber"], told["purePhoneNumber"]) == ("+85291234567", "91234567")


def test_the_two_kinds_of_codes_do_not_mix(caller, wechat, openid):
    login, phone = wechat.login_code(openid), wechat.phone_code(openid)
    assert caller.phone(login)["errcode"] == 40029
    assert caller.session(phone)["errcode"] == 40029
    assert "openid" in caller.session(login)


def test_a_phone_code_is_bound_to_its_person_and_works_once(caller, wechat, openid):
    code = wechat.phone_code(openid)
    assert caller.phone(code, openid=wechat.make_user())["errcode"] == 40029
    assert caller.phone(code, openid=openid)["errcode"] == 0
    assert caller.phone(code, openid=openid)["errcode"] == 40029


def test_only_the_newest_session_key_is_valid(caller, wechat, openid):
    keys = [caller.session(wechat.login_code(openid))["session_key"] for _ in range(2)]
    verdicts = [check(caller, openid, key) for key in keys]
    assert verdicts == [87009, 0]


def check(caller, openid: str, session_key: str) -> int:
    signature = hmac.new(session_key.encode(), b"", hashlib.sha256).hexdigest()
    query = {"openid": openid, "signature": signature, "sig_method": "hmac_sha256"}
    return caller.get("wxa/checksession", access_token=caller.token(), **query)["errcode"]


def test_checksession_wants_a_known_person(caller, wechat, openid):
    assert check(caller, "nobody", "") == 40003
    assert check(caller, openid, "") == 87009, "somebody without a session has no key"
