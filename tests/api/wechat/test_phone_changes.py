"""Numbers that change: a new one, one that was passed on, and unbinding."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.account import Membership
from app.models.audit_entry import AuditEntry
from app.models.enterprise import Enterprise
from app.models.wechat import WechatBinding
from app.sealing import fingerprint
from tests.api.wechat.people import NUMBER, OTHER, made_accounts, roles, rows, staff_with, standing
from tests.callers import API, Caller
from tests.factories import (
    MONDAY,
    Person,
    make_account,
    make_enterprise,
)
from tests.handsets import Handset, bearing
from tests.problems import refused

pytestmark = pytest.mark.usefixtures("monday")

SOON = timedelta(seconds=5)


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


def test_what_a_number_vouched_for_goes_with_it_even_where_nobody_is_bound(
    client, handset, stranger
):
    left = make_enterprise(contact_phone=NUMBER)
    client.delete(f"{API}/me/wechat", headers=bearing(handset.bound()))
    left.contact_phone_hash = fingerprint(OTHER)
    joined = make_enterprise(contact_phone=NUMBER)
    stranger.bound()
    open_ones = rows(Membership, Membership.valid_until.is_(None))
    assert [one.enterprise_id for one in open_ones] == [joined.id]


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
        assert handset.me(handset.token()).json["memberships"] == []
