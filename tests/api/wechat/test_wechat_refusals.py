"""微信登录 that does not work out: each refusal has its own answer."""

import pytest
import sqlalchemy as sa

from app.domain.actor import Role
from app.models.login_session import LoginSession
from app.models.operation import RateCounter
from services.accounts.wechat_login import PER_ADDRESS_FACTOR
from tests.api.wechat.people import NUMBER, bound_to, count, use_up
from tests.callers import API, Caller
from tests.factories import make_account
from tests.problems import places, refused

pytestmark = pytest.mark.usefixtures("monday")

LOGIN = {"path": "jscode2session"}


def test_a_used_code_is_told_whoever_remembers_it(handset, database):
    code = handset.wechat.login_code(handset.openid)
    assert handset.log_in(code).status_code == 200
    problem = refused(handset.log_in(code), 401, "wechat-code-used")
    assert "重新获取登录凭证" in problem["detail"]
    assert len(handset.wechat.calls("jscode2session")) == 1
    database.execute(sa.delete(RateCounter))
    refused(handset.log_in(code), 401, "wechat-code-used")
    assert len(handset.wechat.calls("jscode2session")) == 2


def test_an_expired_code_a_foreign_one_and_nonsense_are_invalid(handset):
    expired = handset.wechat.login_code(handset.openid)
    handset.wechat.advance(301)
    for_the_phone = handset.wechat.phone_code(handset.openid)
    elsewhere = handset.wechat.make_user(appid="wx" + "f" * 16)
    foreign = handset.wechat.login_code(elsewhere)
    for code in (expired, for_the_phone, foreign, "nonsense", "令牌 &x=1"):
        refused(handset.log_in(code), 401, "wechat-code-invalid")


def test_a_risky_user_is_refused_and_logged_as_nobody(handset, database, caplog):
    handset.openid = handset.wechat.make_user(NUMBER, risk=True)
    bound_to(handset)
    code = handset.wechat.login_code(handset.openid)
    refused(handset.log_in(code), 403, "wechat-risk-user")
    assert count(LoginSession) == 0
    [line] = [each.getMessage() for each in caplog.records if "wechat" in each.name]
    assert "risk" in line
    assert code not in caplog.text
    assert handset.openid not in caplog.text


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (("errcode", {"errcode": -1}), (503, "wechat-busy", "5")),
        (("errcode", {"errcode": 45011}), (429, "wechat-limited", "60")),
        (("errcode", {"errcode": 45009}), (429, "wechat-limited", str(14 * 3600))),
        (("http", {"status": 429}), (429, "wechat-limited", "60")),
        (("http", {"status": 502}), (503, "wechat-answer-lost", None)),
        (("html200", {}), (503, "wechat-answer-lost", None)),
        (("reset_after", {}), (503, "wechat-answer-lost", None)),
        (("errcode", {"errcode": 40125}), (503, "wechat-unusable", None)),
        (("secret_wrong", {}), (503, "wechat-unusable", None)),
        (("ip_refused", {}), (503, "wechat-unusable", None)),
    ],
)
def test_when_wechat_fails_it_is_said_how(handset, fault, told):
    effect, options = fault
    status, code, retry_after = told
    handset.wechat.fault(effect, match=LOGIN, **options)
    answer = handset.log_in()
    problem = refused(answer, status, code)
    assert answer.headers.get("Retry-After") == retry_after
    assert not any(word in problem["detail"] for word in ("40125", "AppSecret", "IP"))
    assert len(handset.wechat.calls("jscode2session")) == 1
    handset.wechat.clear_faults()
    assert handset.log_in().status_code == 200


def test_after_a_lost_answer_only_a_new_code_helps(handset):
    handset.wechat.fault("reset_after", match=LOGIN, times=1)
    code = handset.wechat.login_code(handset.openid)
    problem = refused(handset.log_in(code), 503, "wechat-answer-lost")
    assert "重新获取登录凭证" in problem["detail"]
    refused(handset.log_in(code), 401, "wechat-code-used")
    assert len(handset.wechat.calls("jscode2session")) == 1


def test_where_wechat_did_nothing_the_same_code_still_works(handset):
    handset.wechat.fault("errcode", match=LOGIN, times=1, errcode=-1)
    code = handset.wechat.login_code(handset.openid)
    refused(handset.log_in(code), 503, "wechat-busy")
    assert handset.log_in(code).status_code == 200


def test_what_is_ours_to_mend_is_logged_by_its_code_only(handset, caplog):
    handset.wechat.fault("secret_wrong", match=LOGIN)
    code = handset.wechat.login_code(handset.openid)
    refused(handset.log_in(code), 503, "wechat-unusable")
    [line] = [each.getMessage() for each in caplog.records if "wechat" in each.name]
    assert "40125" in line
    assert code not in caplog.text


def test_without_a_mini_program_there_is_no_wechat(app, client, database, monkeypatch):
    monkeypatch.setitem(app.config, "WECHAT", None)
    refused(client.post(f"{API}/auth/wechat", json={"code": "x"}), 503, "wechat-off")
    caller = Caller(client, make_account(Role.COORDINATOR))
    assert caller.get("/me").json["is_wechat_bound"] is False


def test_one_address_cannot_try_for_ever(handset):
    use_up("wechat:127.0.0.1", 10 * PER_ADDRESS_FACTOR)
    answer = handset.log_in()
    refused(answer, 429, "too-many-requests")
    assert int(answer.headers["Retry-After"]) > 0
    assert not handset.wechat.calls("jscode2session")


def test_a_body_that_is_none_is_told_by_field(client, database):
    path = f"{API}/auth/wechat"
    assert places(client.post(path, json={})) == {"/code": "required"}
    assert places(client.post(path, json={"code": ""})) == {"/code": "length"}
    assert places(client.post(path, json={"code": "x" * 201})) == {"/code": "length"}
