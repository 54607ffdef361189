"""绑定手机号: what every register has for a number, and whose account it is."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.models.account import Membership
from app.models.audit_entry import AuditEntry
from app.models.wechat import WechatVisitor
from app.sealing import fingerprint
from tests.api.wechat.people import NUMBER, made_accounts, roles, rows, staff_with, standing
from tests.callers import API
from tests.factories import (
    MONDAY,
    make_enterprise,
    make_housekeeper,
    make_pairing,
)
from tests.handsets import bearing
from tests.problems import refused

pytestmark = pytest.mark.usefixtures("monday")

MINUTE = timedelta(minutes=1)


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


def test_a_contact_whose_number_wechat_vouches_for_is_verified(handset):
    reached, other = make_enterprise(contact_phone=NUMBER), make_enterprise()
    assert handset.bind().status_code == 200
    db.session.expire_all()
    assert reached.contact_verified_at == MONDAY
    assert other.contact_verified_at is None


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
