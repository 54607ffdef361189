"""绑定手机号 that does not work out: each case has its answer, and the pass stays good."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.login_session import LoginSession
from app.models.wechat import WechatVisitor
from app.sealing import fingerprint
from services.accounts.wechat_login import PER_PERSON_FACTOR
from tests.api.wechat.people import NUMBER, made_accounts, rows, staff_with, standing, use_up
from tests.callers import API, Caller
from tests.factories import (
    MONDAY,
    make_account,
    make_enterprise,
)
from tests.handsets import Handset, bearing
from tests.problems import places, refused

pytestmark = pytest.mark.usefixtures("monday")

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
PHONE, TOKEN = {"path": "getuserphonenumber"}, {"path": "stable_token"}
TO_MIDNIGHT = str(14 * 3600)
"""From ten on `MONDAY`."""


def test_a_number_in_no_register_binds_nothing_and_leaves_the_pass_good(handset):
    token = handset.token()
    problem = refused(handset.bind(token), 403, "phone-not-in-roster")
    assert "联系" in problem["detail"]
    assert [*standing(), *made_accounts(), *rows(LoginSession)] == []
    make_enterprise(contact_phone=NUMBER)
    assert handset.bind(token).status_code == 200


def test_a_disabled_account_binds_nobody(handset):
    staff_with(NUMBER).is_enabled = False
    make_enterprise(contact_phone=NUMBER)
    refused(handset.bind(), 403, "account-disabled")
    assert [*standing(), *made_accounts()] == []


def test_a_pass_ends_after_half_an_hour(handset):
    make_enterprise(contact_phone=NUMBER)
    token = handset.token()
    with clock.frozen(MONDAY + 30 * MINUTE):
        problem = refused(handset.bind(token), 401, "visitor-expired")
        assert "重新打开小程序" in problem["detail"]
    with clock.frozen(MONDAY + 30 * MINUTE - SECOND):
        assert handset.bind(token).status_code == 200


@pytest.mark.parametrize("headers", [{}, bearing("nonsense"), {"Authorization": "Basic abc"}])
def test_without_a_pass_nobody_binds(client, database, headers):
    answer = client.post(f"{API}/auth/phone", json={"code": "x"}, headers=headers)
    refused(answer, 401, "unauthenticated")


def test_a_session_by_password_does_not_bind(client, handset):
    caller = Caller(client, make_account(Role.ENTERPRISE_ADMIN))
    refused(handset.bind(caller.token), 401, "unauthenticated")


def test_a_session_that_is_over_does_not_bind(client, handset):
    make_enterprise(contact_phone=NUMBER)
    closed, idle = handset.bound(), handset.token()
    client.delete(f"{API}/auth/session", headers=bearing(closed))
    refused(handset.bind(closed), 401, "unauthenticated")
    with clock.frozen(MONDAY + timedelta(days=7)):
        refused(handset.bind(idle), 401, "unauthenticated")
    assert handset.bind(idle).status_code == 200


def test_the_body_is_checked_by_field(handset):
    answer = handset.client.post(f"{API}/auth/phone", json={}, headers=bearing(handset.token()))
    assert places(answer) == {"/code": "required"}


def test_each_bad_code_has_its_answer_and_leaves_the_pass_good(handset, stranger):
    make_enterprise(contact_phone=NUMBER)
    token = handset.token()
    expired = handset.wechat.phone_code(handset.openid)
    handset.wechat.advance(301)
    of_another = handset.wechat.phone_code(stranger.openid)
    for_log_in = handset.wechat.login_code(handset.openid)
    for code in (expired, of_another, for_log_in, "nonsense"):
        problem = refused(handset.bind(token, code=code), 422, "phone-code-invalid")
        assert "重新授权" in problem["detail"]
        assert [one["pointer"] for one in problem["errors"]] == ["/code"]
    assert handset.bind(token).status_code == 200


def test_a_used_code_is_not_paid_for_twice(handset):
    make_enterprise(contact_phone=NUMBER)
    code = handset.wechat.phone_code(handset.openid)
    session = handset.bind(code=code).json["access_token"]
    refused(handset.bind(session, code=code), 422, "phone-code-used")
    assert len(handset.wechat.calls("getuserphonenumber")) == 1


@pytest.mark.parametrize("apart", [2 * SECOND, timedelta(minutes=5), timedelta(hours=23)])
def test_a_used_code_is_remembered_whatever_the_clock_says(handset, apart):
    """No boundary of any window lets it be asked about again."""
    make_enterprise(contact_phone=NUMBER)
    code = handset.wechat.phone_code(handset.openid)
    before = datetime(2026, 6, 1, 15, 59, 59, tzinfo=UTC)
    with clock.frozen(before):
        handset.bind(code=code)
    with clock.frozen(before + apart):
        refused(handset.bind(code=code), 422, "phone-code-used")
    assert len(handset.wechat.calls("getuserphonenumber")) == 1


def test_the_code_of_another_mini_program_and_a_foreign_number_are_told(handset):
    token = handset.token()
    handset.wechat.fault("errcode", match=PHONE, times=1, errcode=40013)
    refused(handset.bind(token), 422, "phone-code-foreign")
    abroad = handset.wechat.make_user("5550101", country_code="1")
    code = handset.wechat.phone_code(abroad)
    with_own_pass = Handset(handset.client, handset.wechat, "5550101")
    with_own_pass.openid = abroad
    refused(with_own_pass.bind(code=code), 422, "phone-unfit")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"errcode": -1}, (503, "wechat-busy", "5")),
        ({"errcode": 45011}, (429, "wechat-limited", "60")),
        ({"errcode": 45009}, (429, "wechat-limited", TO_MIDNIGHT)),
        ({"errcode": 40226}, (403, "wechat-risk-user", None)),
        ({"errcode": 48001}, (503, "wechat-unusable", None)),
        ({"errcode": 40001}, (503, "wechat-unusable", None)),
    ],
)
def test_when_wechat_refuses_it_is_said_how(handset, fault, told):
    make_enterprise(contact_phone=NUMBER)
    token = handset.token()
    handset.wechat.fault("errcode", match=PHONE, **fault)
    answer = handset.bind(token)
    assert "登录凭证" not in refused(answer, *told[:2])["detail"]
    assert answer.headers.get("Retry-After") == told[2]
    handset.wechat.clear_faults()
    assert handset.bind(token).status_code == 200


@pytest.mark.parametrize(
    ("call", "effect", "options", "code"),
    [
        (PHONE, "errcode", {"errcode": -1}, "wechat-busy"),
        (PHONE, "errcode", {"errcode": 45011}, "wechat-limited"),
        (PHONE, "errcode", {"errcode": 45009}, "wechat-limited"),
        (PHONE, "http", {"status": 502}, "wechat-answer-lost"),
        (TOKEN, "errcode", {"errcode": -1}, "wechat-busy"),
        (TOKEN, "errcode", {"errcode": 45011}, "wechat-limited"),
    ],
)
def test_whoever_binds_is_sent_to_the_phone_button(handset, call, effect, options, code):
    token = handset.token()
    handset.wechat.fault(effect, match=call, **options)
    answer = handset.bind(token)
    assert "重新授权手机号" in refused(answer, answer.status_code, code)["detail"]


@pytest.mark.parametrize(
    ("clock_time", "seconds"), [((0, 0, 0), 86_400), ((12, 0, 0), 43_200), ((23, 59, 59), 1)]
)
def test_a_quota_of_the_day_rests_until_midnight_in_shanghai(handset, clock_time, seconds):
    hour, minute, second = clock_time
    local = MONDAY.astimezone(clock.LOCAL_ZONE).replace(hour=hour, minute=minute, second=second)
    with clock.frozen(local.astimezone(UTC)):
        token = handset.token()
        handset.wechat.fault("errcode", match=PHONE, errcode=45009)
        answer = handset.bind(token)
    assert "一分钟" not in refused(answer, 429, "wechat-limited")["detail"]
    assert answer.headers["Retry-After"] == str(seconds)


def test_when_the_token_cannot_be_had_nobody_is_told_of_it(handset):
    token = handset.token()
    handset.wechat.fault("errcode", match={"path": "stable_token"}, times=1, errcode=40013)
    refused(handset.bind(token), 503, "wechat-unusable")


def test_after_a_lost_answer_only_a_new_code_helps(handset):
    make_enterprise(contact_phone=NUMBER)
    token = handset.token()
    handset.wechat.fault("reset_after", match=PHONE, times=1)
    code = handset.wechat.phone_code(handset.openid)
    refused(handset.bind(token, code=code), 503, "wechat-answer-lost")
    refused(handset.bind(token, code=code), 422, "phone-code-used")
    assert len(handset.wechat.calls("getuserphonenumber")) == 1
    assert handset.bind(token).status_code == 200


def test_one_wechat_user_cannot_ask_for_numbers_for_ever(handset):
    token = handset.token()
    use_up(f"phone:{fingerprint(handset.openid).hex()}", 10 * PER_PERSON_FACTOR)
    refused(handset.bind(token), 429, "too-many-requests")
    assert not handset.wechat.calls("getuserphonenumber")


def test_without_a_mini_program_nobody_binds(app, handset, monkeypatch):
    token = handset.token()
    monkeypatch.setitem(app.config, "WECHAT", None)
    refused(handset.bind(token), 503, "wechat-off")


def test_a_pass_of_another_mini_program_is_none(handset):
    make_enterprise(contact_phone=NUMBER)
    token = handset.token()
    db.session.execute(sa.update(WechatVisitor).values(appid="wx" + "f" * 16))
    refused(handset.bind(token), 401, "unauthenticated")
