"""POST and DELETE /me/wecom-binding: one member in WeCom is one official's account."""

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role, system
from app.models.audit_entry import AuditEntry
from app.models.wecom import WecomBinding
from app.sealing import unseal
from services.data_requests.closing import close
from services.data_requests.own_data import own_data
from tests.callers import API, Caller
from tests.factories import make_account
from tests.factories.wecom import make_wecom_binding
from tests.problems import refused

PATH = "/me/wecom-binding"
USERID = "zhang.san"


@pytest.fixture
def official(client, database) -> Caller:
    return Caller(client, make_account(Role.COORDINATOR))


@pytest.fixture
def code(wechat) -> str:
    return wechat.wecom_code(wechat.make_member(USERID))


def bind(caller: Caller, code: str):
    return caller.post(PATH, {"code": code})


def unbind(caller: Caller):
    return caller.client.delete(API + PATH, headers=caller.headers())


def standing() -> list[WecomBinding]:
    return list(db.session.scalars(sa.select(WecomBinding).where(WecomBinding.ended_at.is_(None))))


def audited() -> list[str]:
    mine = AuditEntry.action.in_(("bind_wecom", "end_wecom_binding"))
    return list(db.session.scalars(sa.select(AuditEntry.action).where(mine)))


def test_an_official_binds_and_leaves(official, code):
    assert official.get("/me").json["is_wecom_bound"] is False
    answer = bind(official, code)
    assert answer.status_code == 200
    assert answer.json["bound_at"]
    [binding] = standing()
    assert unseal(binding.userid, "wecom_bindings.userid") == USERID
    assert USERID.encode() not in binding.userid + binding.userid_hash
    assert official.get("/me").json["is_wecom_bound"] is True
    for _ in range(2):
        assert unbind(official).status_code == 204
    assert official.get("/me").json["is_wecom_bound"] is False
    assert audited() == ["bind_wecom", "end_wecom_binding"]


def test_a_code_is_good_once(official, code, wechat):
    bind(official, code)
    refused(bind(official, code), 422, "wecom-code-invalid")
    assert len(wechat.calls("auth/getuserinfo")) == 1
    refused(bind(official, "made-up"), 422, "wecom-code-invalid")


def test_the_same_member_again_changes_nothing(official, code, wechat):
    first = bind(official, code).json
    assert bind(official, wechat.wecom_code(USERID.upper())).json == first
    assert audited() == ["bind_wecom"]


def test_a_member_belongs_to_one_account_and_an_account_to_one_member(official, code, wechat):
    bind(official, code)
    other = Caller(official.client, make_account(Role.HANDLER))
    refused(bind(other, wechat.wecom_code(USERID)), 409, "wecom-member-taken")
    wechat.make_member("li.si")
    refused(bind(official, wechat.wecom_code("li.si")), 409, "wecom-bound-already")
    unbind(official)
    assert bind(other, wechat.wecom_code(USERID)).status_code == 200
    assert [one.account_id for one in standing()] == [other.person.account.id]


def test_a_binding_to_a_former_corporation_gives_way(official, code):
    make_wecom_binding(official.person, corp_id="ww" + "f" * 16)
    assert bind(official, code).status_code == 200
    assert len(standing()) == 1


@pytest.mark.parametrize("role", [Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF])
def test_enterprises_do_not_bind(client, database, code, wechat, role):
    refused(bind(Caller(client, make_account(role)), code), 403, "officials-only")
    assert not wechat.calls("auth/getuserinfo")


def test_who_is_no_member_is_not_bound(official, wechat):
    refused(bind(official, wechat.wecom_code("stranger")), 422, "wecom-not-a-member")
    assert not standing()


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"effect": "errcode", "errcode": -1}, ("wecom-busy", 200)),
        ({"effect": "errcode", "errcode": 60020}, ("wecom-unusable", 422)),
        ({"effect": "reset_after"}, ("wecom-answer-lost", 422)),
    ],
)
def test_what_wecom_cannot_do_now_is_told(official, code, wechat, fault, expected):
    told, again = expected
    wechat.fault(match={"path": "auth/getuserinfo"}, times=1, **fault)
    refused(bind(official, code), 503, told)
    assert bind(official, code).status_code == again


def test_without_wecom_it_is_off(official, code, app, monkeypatch):
    monkeypatch.setitem(app.config, "WECOM", None)
    refused(bind(official, code), 503, "wecom-off")


def test_who_closes_the_account_is_no_member_any_more(official, code):
    bind(official, code)
    close(system("注销"), official.person.account.id, at=clock.now())
    assert not standing()
    [binding] = db.session.scalars(sa.select(WecomBinding))
    assert unseal(binding.userid, "wecom_bindings.userid") == ""


def test_the_copy_of_ones_own_data_tells_of_it(official, code):
    bind(official, code)
    [row] = own_data(official.person.account.id)["wecom_bindings"]
    assert row["bound_at"]
    assert row["ended_at"] is None
