"""Binding and logging in at once: one person, one account. Real connections and commits."""

import time
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import db, transaction
from app.domain.actor import Role
from app.models.account import Account, Membership
from app.models.wechat import WechatBinding
from app.models.wecom import WecomBinding
from tests.callers import API, signed_in
from tests.factories import MONDAY, make_account, make_enterprise, make_housekeeper
from tests.handsets import Handset, bearing
from tests.problems import refused
from tests.threads import PATIENCE, all_at_once, beside

NUMBER = "13912340001"
TIMES = 4


@pytest.fixture
def handset(committed_app, wechat) -> Handset:
    """The only enterprise with the number is in the register."""
    with committed_app.app_context(), transaction():
        make_enterprise(contact_phone=NUMBER)
    return Handset(committed_app.test_client(), wechat, NUMBER)


def on_its_own(app: Flask, handset: Handset) -> Handset:
    """Another WeChat user with the same number."""
    return Handset(app.test_client(), handset.wechat, NUMBER)


def bind(app: Flask, token: str, code: str):
    return app.test_client().post(f"{API}/auth/phone", json={"code": code}, headers=bearing(token))


def log_in(app: Flask, code: str):
    return app.test_client().post(f"{API}/auth/wechat", json={"code": code})


def count(app: Flask, model, *conditions) -> int:
    with app.app_context():
        query = sa.select(sa.func.count()).select_from(model).where(*conditions)
        return db.session.scalar(query) or 0


def test_one_number_bound_by_many_at_once_is_one_account(committed_app, handset):
    people = [handset, *(on_its_own(committed_app, handset) for _ in range(TIMES - 1))]
    tries = [(each.token(), each.wechat.phone_code(each.openid)) for each in people]
    works = [partial(bind, committed_app, *each) for each in tries]
    answers = all_at_once(committed_app, *works, at=MONDAY)
    assert [answer.status_code for answer in answers] == [200] * TIMES
    assert count(committed_app, Account) == 1
    assert count(committed_app, Membership) == 1
    assert count(committed_app, WechatBinding, WechatBinding.ended_at.is_(None)) == 1
    inside = [each for each in people if each.log_in().json["is_bound"]]
    assert len(inside) == 1


def test_one_wechat_user_binding_many_times_at_once_is_bound_once(committed_app, handset):
    token = handset.token()
    codes = [handset.wechat.phone_code(handset.openid) for _ in range(TIMES)]
    works = [partial(bind, committed_app, token, code) for code in codes]
    answers = all_at_once(committed_app, *works, at=MONDAY)
    assert 200 in [answer.status_code for answer in answers]
    for answer in answers:
        if answer.status_code != 200:
            refused(answer, 401, "unauthenticated")
    assert count(committed_app, Account) == count(committed_app, Membership) == 1
    assert count(committed_app, WechatBinding) == 1


def test_one_code_at_once_is_spent_once(committed_app, handset):
    token, code = handset.token(), handset.wechat.phone_code(handset.openid)
    answers = all_at_once(
        committed_app, *[partial(bind, committed_app, token, code)] * TIMES, at=MONDAY
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]
    assert len(handset.wechat.calls("getuserphonenumber")) == 1


def test_many_log_ins_at_once_match_the_register_once(committed_app, handset):
    handset.bound()
    with committed_app.app_context(), transaction():
        make_housekeeper(phone=NUMBER)
    codes = [handset.wechat.login_code(handset.openid) for _ in range(TIMES)]
    works = [partial(log_in, committed_app, code) for code in codes]
    answers = all_at_once(committed_app, *works, at=MONDAY)
    assert [answer.status_code for answer in answers] == [200] * TIMES
    assert count(committed_app, Membership) == 2


OPEN = sa.text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
)


def open_transactions(app: Flask) -> int:
    with app.app_context(), db.engines[None].connect() as connection:
        return connection.scalar(OPEN) or 0


def wait_for_a_call(handset: Handset, path: str, count: int) -> None:
    until = time.monotonic() + PATIENCE
    while len(handset.wechat.calls(path)) < count:
        assert time.monotonic() < until, f"nobody called {path}"


@pytest.mark.parametrize("path", ["jscode2session", "getuserphonenumber", "stable_token"])
def test_no_transaction_is_open_while_wechat_thinks(committed_app, handset, path):
    token, phone_code = handset.token(), handset.wechat.phone_code(handset.openid)
    code = handset.wechat.login_code(handset.openid)
    is_log_in = path == "jscode2session"
    work = partial(log_in, committed_app, code)
    if not is_log_in:
        work = partial(bind, committed_app, token, phone_code)
    calls = len(handset.wechat.calls(path))
    handset.wechat.fault("latency", match={"path": path}, ms=1500)
    with beside(committed_app, work, at=MONDAY) as answer:
        wait_for_a_call(handset, path, calls + 1)
        while_thinking = open_transactions(committed_app), answer.done()
        assert answer.result(PATIENCE).status_code == 200
    assert while_thinking == (0, False)


def test_one_member_bound_by_many_officials_at_once_is_one_of_them(committed_app, wechat):
    wechat.make_member("zhang.san")
    with committed_app.app_context(), transaction():
        tokens = [signed_in(make_account(Role.COORDINATOR)) for _ in range(TIMES)]

    def bind_member(token: str):
        body = {"code": wechat.wecom_code("zhang.san")}
        path = f"{API}/me/wecom-binding"
        return committed_app.test_client().post(path, json=body, headers=bearing(token))

    works = [partial(bind_member, token) for token in tokens]
    answers = all_at_once(committed_app, *works, at=MONDAY)
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * (TIMES - 1)]
    assert count(committed_app, WecomBinding, WecomBinding.ended_at.is_(None)) == 1
