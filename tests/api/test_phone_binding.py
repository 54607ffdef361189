"""绑定手机号: every register's match, one person one account, numbers that change hands."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.account import Account, Membership
from app.models.audit_entry import AuditEntry
from app.models.enterprise import Enterprise
from app.models.login_session import LoginSession
from app.models.wechat import WechatBinding, WechatVisitor
from app.sealing import fingerprint
from services.accounts import rate_limits
from services.accounts.wechat_login import WINDOW
from tests.callers import API, Caller
from tests.factories import (
    MONDAY,
    Person,
    make_account,
    make_enterprise,
    make_housekeeper,
    make_pairing,
)
from tests.handsets import Handset, bearing
from tests.problems import places, refused

NUMBER, OTHER = "13912340001", "13912340002"
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
SOON = 5 * SECOND
PHONE = {"path": "getuserphonenumber"}


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def handset(client, wechat) -> Handset:
    return Handset(client, wechat, NUMBER)


@pytest.fixture
def stranger(client, wechat) -> Handset:
    """Another WeChat user with the same number, as after a new phone or a number passed on."""
    return Handset(client, wechat, NUMBER)


def rows(model, *conditions) -> list:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(model).where(*conditions).order_by(model.id)))


def standing() -> list[WechatBinding]:
    return rows(WechatBinding, WechatBinding.ended_at.is_(None))


def made_accounts() -> list[Account]:
    return rows(Account, Account.login.startswith("wx-"))


def roles(answer) -> list[str]:
    return [one["role"] for one in answer.json["memberships"]]


def staff_with(number: str, role: Role = Role.COORDINATOR) -> Account:
    """An account that an administrator opened for the number."""
    account = make_account(role).account
    account.phone_hash = fingerprint(number)
    db.session.flush()
    return account


def test_the_contact_of_an_enterprise_becomes_its_administrator(handset):
    enterprise = make_enterprise(contact_phone=NUMBER, contact_name="赵联系")
    answer = handset.bind()
    assert answer.status_code == 200, answer.text
    assert answer.json["is_bound"] is True
    [membership] = answer.json["memberships"]
    assert (membership["role"], membership["enterprise_id"]) == ("enterprise_admin", enterprise.id)
    assert membership["is_current"] is True
    me = handset.me(answer.json["access_token"]).json
    assert me["name"] == "赵联系"
    assert me["memberships"] == answer.json["memberships"]
    [account] = made_accounts()
    assert (account.password_hash, account.phone_hash) == (None, None)
    [binding] = standing()
    assert (binding.account_id, binding.phone_hash) == (account.id, fingerprint(NUMBER))


def test_the_session_lives_as_long_as_phones_do(handset):
    make_housekeeper(phone=NUMBER)
    given = handset.bind().json
    assert given["session_expires_at"] == (MONDAY + timedelta(days=30)).isoformat()
    assert given["expires_at"] == (MONDAY + timedelta(days=7)).isoformat()
    assert given["refresh_token"]


def test_every_register_that_knows_the_number_counts(handset):
    housekeeper = make_housekeeper(phone=NUMBER)
    make_pairing(housekeeper=housekeeper, role="deputy")
    own = {make_enterprise(contact_phone=NUMBER).id, make_enterprise(contact_phone=NUMBER).id}
    answer = handset.bind()
    assert sorted(roles(answer)) == [
        "deputy_housekeeper",
        "enterprise_admin",
        "enterprise_admin",
        "housekeeper",
    ]
    assert {one["enterprise_id"] for one in answer.json["memberships"]} == {None, *own}


def test_a_deputy_sees_the_enterprises_at_once(handset):
    enterprise = make_enterprise()
    make_pairing(enterprise, make_housekeeper(phone=NUMBER), role="deputy")
    headers = bearing(handset.bound())
    seen = handset.client.get(f"{API}/enterprises", headers=headers).json["items"]
    assert [one["id"] for one in seen] == [enterprise.id]


def test_staff_come_into_the_account_that_was_opened_for_them(handset):
    account = staff_with(NUMBER)
    make_enterprise(contact_phone=NUMBER)
    answer = handset.bind()
    assert handset.me(answer.json["access_token"]).json["account_id"] == account.id
    assert roles(answer) == ["coordinator", "enterprise_admin"]
    assert made_accounts() == []


def test_staff_without_any_membership_may_bind_all_the_same(handset):
    account = staff_with(NUMBER)
    db.session.execute(sa.update(Membership).values(valid_until=MONDAY - MINUTE))
    answer = handset.bind()
    assert (answer.status_code, answer.json["memberships"]) == (200, [])
    assert standing()[0].account_id == account.id


def test_the_register_is_written_as_people_write_numbers(handset):
    make_enterprise(contact_phone=NUMBER)
    answer = handset.bind(number=f"+86 {NUMBER[:3]} {NUMBER[3:]}")
    assert answer.status_code == 200, answer.text


def test_after_binding_the_log_in_is_a_session_and_the_pass_is_void(handset):
    make_enterprise(contact_phone=NUMBER)
    first, second = handset.token(), handset.token()
    assert handset.bind(first).status_code == 200
    refused(handset.bind(first), 401, "unauthenticated")
    refused(handset.bind(second), 401, "unauthenticated")
    assert handset.log_in().json["is_bound"] is True
    assert rows(WechatVisitor) == []


def test_a_binding_is_in_the_audit_and_quotes_nobody(handset):
    make_enterprise(contact_phone=NUMBER)
    handset.bound()
    [entry] = rows(AuditEntry, AuditEntry.action == "bind_wechat")
    [binding] = standing()
    assert (entry.account_id, entry.subject) == (binding.account_id, f"wechat_binding:{binding.id}")
    assert len(entry.facts["memberships_begun"]) == 1
    everything = str([vars(one) for one in rows(AuditEntry)])
    assert NUMBER not in everything
    assert handset.openid not in everything


def test_a_number_in_no_register_binds_nothing_and_leaves_the_pass_good(handset):
    token = handset.token()
    problem = refused(handset.bind(token), 403, "phone-not-in-roster")
    assert "联系" in problem["detail"]
    assert standing() == made_accounts() == rows(LoginSession) == []
    make_enterprise(contact_phone=NUMBER)
    assert handset.bind(token).status_code == 200


def test_a_disabled_account_binds_nobody(handset):
    staff_with(NUMBER).is_enabled = False
    make_enterprise(contact_phone=NUMBER)
    refused(handset.bind(), 403, "account-disabled")
    assert standing() == made_accounts() == []


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
        ({"errcode": 45009}, (429, "wechat-limited", "60")),
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
    refused(answer, *told[:2])
    assert answer.headers.get("Retry-After") == told[2]
    handset.wechat.clear_faults()
    assert handset.bind(token).status_code == 200


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
    key = f"phone:{fingerprint(handset.openid).hex()}"
    for _ in range(10):
        rate_limits.count(key, 10, WINDOW, at=clock.real())
    refused(handset.bind(token), 429, "too-many-requests")
    assert not handset.wechat.calls("getuserphonenumber")


def test_binding_the_same_number_again_changes_nothing(handset):
    make_enterprise(contact_phone=NUMBER)
    session = handset.bound()
    [before] = [one.id for one in standing()]
    memberships = [one.id for one in rows(Membership)]
    answer = handset.bind(session)
    assert answer.status_code == 200
    assert [one.id for one in standing()] == [before]
    assert [one.id for one in rows(Membership)] == memberships
    assert len(made_accounts()) == 1
    assert handset.me(session).status_code == 200


def test_a_new_number_goes_on_with_the_same_account(handset):
    old = make_enterprise(contact_phone=NUMBER)
    session = handset.bound()
    account_id = handset.me(session).json["account_id"]
    new = make_enterprise(contact_phone=OTHER)
    answer = handset.bind(session, number=OTHER)
    assert [one["enterprise_id"] for one in answer.json["memberships"]] == [new.id]
    me = handset.me(answer.json["access_token"]).json
    assert me["account_id"] == account_id
    ended = rows(Membership, Membership.valid_until.is_not(None))
    assert [one.enterprise_id for one in ended] == [old.id]
    [binding] = standing()
    assert binding.phone_hash == fingerprint(OTHER)


def test_a_new_number_with_an_account_of_its_own_leads_there(handset):
    make_enterprise(contact_phone=NUMBER)
    session = handset.bound()
    [former] = made_accounts()
    account = staff_with(OTHER)
    answer = handset.bind(session, number=OTHER)
    assert handset.me(answer.json["access_token"]).json["account_id"] == account.id
    assert roles(answer) == ["coordinator"]
    assert not rows(
        Membership, Membership.account_id == former.id, Membership.valid_until.is_(None)
    )
    with clock.frozen(MONDAY + SOON):
        refused(handset.me(session), 401, "unauthenticated")
    assert [one.account_id for one in standing()] == [account.id]


def test_a_new_number_in_no_register_leaves_everything_as_it_is(handset):
    enterprise = make_enterprise(contact_phone=NUMBER)
    session = handset.bound()
    refused(handset.bind(session, number=OTHER), 403, "phone-not-in-roster")
    memberships = handset.me(session).json["memberships"]
    assert [one["enterprise_id"] for one in memberships] == [enterprise.id]
    assert handset.log_in().json["is_bound"] is True


def test_the_latest_vouching_for_a_number_wins(handset, stranger):
    enterprise = make_enterprise(contact_phone=NUMBER)
    former = handset.bound()
    answer = stranger.bind()
    assert [one["enterprise_id"] for one in answer.json["memberships"]] == [enterprise.id]
    assert len(made_accounts()) == 1
    with clock.frozen(MONDAY + SOON):
        refused(handset.me(former), 401, "unauthenticated")
    assert handset.log_in().json["is_bound"] is False
    ended, current = rows(WechatBinding)
    assert (ended.ended_at, current.ended_at) == (MONDAY, None)
    assert current.openid_hash == fingerprint(stranger.openid)
    [entry] = rows(AuditEntry, AuditEntry.action == "end_wechat_binding")
    assert entry.subject == f"wechat_binding:{ended.id}"


def test_a_number_passed_on_does_not_open_the_account_of_who_had_it(handset, stranger):
    """The register has moved on: the new holder of the number is somebody else."""
    left = make_enterprise(contact_phone=NUMBER)
    handset.bound()
    [former] = made_accounts()
    left.contact_phone_hash = fingerprint(OTHER)
    joined = make_enterprise(contact_phone=NUMBER)
    answer = stranger.bind()
    assert [one["enterprise_id"] for one in answer.json["memberships"]] == [joined.id]
    assert handset.me(answer.json["access_token"]).json["account_id"] != former.id
    assert not rows(
        Membership, Membership.account_id == former.id, Membership.valid_until.is_(None)
    )
    assert handset.log_in().json["is_bound"] is False


def test_the_password_session_of_the_account_outlives_the_binding(client, handset, stranger):
    account = staff_with(NUMBER)
    former = handset.bound()
    [membership] = rows(Membership, Membership.account_id == account.id)
    at_desk = Caller(client, Person(account, membership))
    stranger.bound()
    with clock.frozen(MONDAY + SOON):
        refused(handset.me(former), 401)
        assert at_desk.get("/me").status_code == 200


def test_two_people_swap_their_numbers(client, wechat):
    first, second = Handset(client, wechat, NUMBER), Handset(client, wechat, OTHER)
    mine, yours = make_enterprise(contact_phone=NUMBER), make_enterprise(contact_phone=OTHER)
    tokens = first.bound(), second.bound()
    answer = first.bind(tokens[0], number=OTHER)
    assert [one["enterprise_id"] for one in answer.json["memberships"]] == [yours.id]
    assert second.log_in().json["is_bound"] is False
    answer = second.bind(number=NUMBER)
    assert [one["enterprise_id"] for one in answer.json["memberships"]] == [mine.id]
    assert len(standing()) == 2


def test_unbinding_ends_the_wechat_sessions_and_no_others(client, handset):
    account = staff_with(NUMBER)
    session, other = handset.bound(), handset.token()
    desk = make_account(Role.COORDINATOR, account)
    at_desk = Caller(client, desk)
    assert handset.me(session).json["is_wechat_bound"] is True
    answer = client.delete(f"{API}/me/wechat", headers=bearing(session))
    assert (answer.status_code, answer.text) == (204, "")
    refused(handset.me(session), 401)
    with clock.frozen(MONDAY + SOON):
        refused(handset.me(other), 401)
        assert at_desk.get("/me").json["is_wechat_bound"] is False
        again = client.delete(f"{API}/me/wechat", headers=at_desk.headers())
        assert again.status_code == 204
    [entry] = rows(AuditEntry, AuditEntry.action == "end_wechat_binding")
    assert (entry.account_id, entry.ip) == (account.id, "127.0.0.1")
    assert handset.log_in().json["is_bound"] is False


def test_who_unbound_finds_the_same_account_again(client, handset):
    make_enterprise(contact_phone=NUMBER)
    session = handset.bound()
    account_id = handset.me(session).json["account_id"]
    client.delete(f"{API}/me/wechat", headers=bearing(session))
    assert handset.me(handset.bound()).json["account_id"] == account_id
    assert len(rows(Membership)) == 1


def test_without_a_mini_program_nobody_binds(app, handset, monkeypatch):
    token = handset.token()
    monkeypatch.setitem(app.config, "WECHAT", None)
    refused(handset.bind(token), 503, "wechat-off")


def test_a_pass_of_another_mini_program_is_none(handset):
    make_enterprise(contact_phone=NUMBER)
    token = handset.token()
    db.session.execute(sa.update(WechatVisitor).values(appid="wx" + "f" * 16))
    refused(handset.bind(token), 401, "unauthenticated")


def test_an_enterprise_that_changes_its_contact_changes_who_may_act(handset, client, wechat):
    enterprise = make_enterprise(contact_phone=NUMBER)
    handset.bound()
    db.session.execute(
        sa.update(Enterprise)
        .where(Enterprise.id == enterprise.id)
        .values(contact_phone_hash=fingerprint(OTHER))
    )
    successor = Handset(client, wechat, OTHER)
    assert roles(successor.bind()) == ["enterprise_admin"]
    with clock.frozen(MONDAY + SOON):
        refused(handset.me(handset.token()), 403, "forbidden")
