"""微信登录: who is bound comes in, who is not may bind."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.domain.actor import Role
from app.models.account import Account, Membership
from app.models.audit_entry import AuditEntry
from app.models.enterprise import Enterprise
from app.models.login_session import LoginSession
from app.models.wechat import WechatBinding, WechatVisitor
from app.sealing import fingerprint, unseal
from tests.api.inputs import marked_routes
from tests.api.wechat.people import NUMBER, bound_to, count
from tests.callers import API
from tests.factories import APPID, MONDAY, make_account, make_binding, make_enterprise
from tests.handsets import bearing
from tests.problems import refused

pytestmark = pytest.mark.usefixtures("monday")

DAY, MINUTE, SOON = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=5)
SHAPE = {
    "token_type",
    "access_token",
    "refresh_token",
    "expires_at",
    "session_expires_at",
    "is_bound",
}


def test_who_is_not_bound_is_a_visitor_for_half_an_hour(handset, database):
    answer = handset.log_in()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json.keys() == SHAPE
    assert (answer.json["is_bound"], answer.json["refresh_token"]) == (False, None)
    assert answer.json["expires_at"] == answer.json["session_expires_at"]
    assert answer.json["expires_at"] == (MONDAY + 30 * MINUTE).isoformat()
    assert count(LoginSession) == count(WechatBinding) == 0


def test_a_visitor_is_kept_without_token_and_openid_in_clear(handset, database):
    token = handset.token()
    visitor = database.scalars(sa.select(WechatVisitor)).one()
    assert token.encode() != visitor.token_hash
    assert handset.openid.encode() not in visitor.openid
    assert unseal(visitor.openid, "wechat_visitors.openid") == handset.openid
    assert (visitor.appid, visitor.openid_hash) == (APPID, fingerprint(handset.openid))


def test_a_visitor_can_do_nothing_but_bind(app, handset):
    token = handset.token()
    doors = 0
    for method, rule, marks in marked_routes(app):
        if not marks.needs_session:
            continue
        path = re.sub(r"<id:\w+>", "1", rule.replace("<number:number>", "AS20260601-000001"))
        answer = handset.client.open(path, method=method, headers=bearing(token))
        refused(answer, 401, "unauthenticated")
        doors += 1
    assert doors > 25
    refresh = handset.client.post(f"{API}/auth/refresh", json={"refresh_token": token})
    refused(refresh, 401)


def test_who_is_bound_comes_in_for_as_long_as_phones_do(handset, database):
    person = bound_to(handset)
    answer = handset.log_in()
    assert answer.json.keys() == SHAPE
    assert answer.json["is_bound"] is True
    assert answer.json["expires_at"] == (MONDAY + 7 * DAY).isoformat()
    assert answer.json["session_expires_at"] == (MONDAY + 30 * DAY).isoformat()
    me = handset.me(answer.json["access_token"]).json
    assert (me["account_id"], me["is_wechat_bound"]) == (person.account.id, True)
    session = database.scalars(sa.select(LoginSession)).one()
    assert session.kind == "phone"
    assert session.binding_id == database.scalars(sa.select(WechatBinding.id)).one()


def test_a_session_by_wechat_is_renewed_like_any_other(handset):
    bound_to(handset)
    given = handset.log_in().json
    body = {"refresh_token": given["refresh_token"]}
    answer = handset.client.post(f"{API}/auth/refresh", json=body)
    assert answer.status_code == 200
    assert handset.me(answer.json["access_token"]).status_code == 200


def test_a_log_in_is_in_the_audit(handset, database):
    person = bound_to(handset)
    handset.log_in()
    entry = database.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.account_id) == ("log_in_by_wechat", person.account.id)
    assert handset.openid not in str(entry.facts) + entry.subject


def test_another_mini_programs_binding_is_none(handset):
    make_binding(make_account(Role.COORDINATOR), appid="wx" + "f" * 16, openid=handset.openid)
    assert handset.log_in().json["is_bound"] is False


def test_a_binding_that_ended_is_none(handset, database):
    bound_to(handset)
    database.execute(sa.update(WechatBinding).values(ended_at=MONDAY))
    assert handset.log_in().json["is_bound"] is False


def test_a_disabled_account_stays_out(handset, database):
    bound_to(handset).account.is_enabled = False
    database.flush()
    refused(handset.log_in(), 403, "account-disabled")
    assert count(LoginSession) == 0


def test_an_account_without_a_password_has_none_to_guess(client, database):
    person = make_account(Role.COORDINATOR)
    person.account.password_hash = None
    database.flush()
    answers = [
        client.post(f"{API}/auth/password", json={"login": login, "password": word})
        for login, word in ((person.account.login, "None"), ("nobody", "None"))
    ]
    problems = [refused(answer, 401, "wrong-credentials") for answer in answers]
    for problem in problems:
        problem.pop("instance")
    assert problems[0] == problems[1]


def test_the_register_is_asked_again_at_every_log_in(handset, database):
    first, second = make_enterprise(contact_phone=NUMBER), make_enterprise()
    token = handset.bound()
    assert [one["enterprise_id"] for one in handset.me(token).json["memberships"]] == [first.id]
    for enterprise, number in ((first, "13912340009"), (second, NUMBER)):
        database.execute(
            sa.update(Enterprise)
            .where(Enterprise.id == enterprise.id)
            .values(contact_phone_hash=fingerprint(number))
        )
    with clock.frozen(MONDAY + SOON):
        later = handset.token()
        for each in (token, later):
            memberships = handset.me(each).json["memberships"]
            assert [one["enterprise_id"] for one in memberships] == [second.id]
    ended = database.scalars(sa.select(Membership).where(Membership.valid_until.is_not(None)))
    assert [one.enterprise_id for one in ended] == [first.id]
    entry = sa.select(AuditEntry).where(AuditEntry.action == "match_roster")
    assert database.scalars(entry).one().facts.keys() == {"memberships_begun", "memberships_ended"}


def test_who_is_in_no_register_any_more_comes_in_and_may_do_nothing(handset, database):
    enterprise = make_enterprise(contact_phone=NUMBER)
    handset.bound()
    enterprise.operating_state = "注销"
    database.flush()
    with clock.frozen(MONDAY + SOON):
        answer = handset.log_in()
        assert answer.json["is_bound"] is True
        me = handset.me(answer.json["access_token"])
        assert (me.status_code, me.json["memberships"]) == (200, [])


def test_the_session_key_goes_nowhere(handset, database):
    bound_to(handset)
    given = handset.log_in().text
    [user] = handset.wechat.get("state")["users"]
    key = user["session_key"].removeprefix("***")
    assert len(key) >= 8
    assert key not in given
    rows = [*database.scalars(sa.select(LoginSession)), *database.scalars(sa.select(Account))]
    assert rows
    assert not any(key in str(vars(row)) for row in rows)
