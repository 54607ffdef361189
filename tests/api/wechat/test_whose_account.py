"""Whose account a number of a register leads to: never into a role that was granted by hand."""

from datetime import timedelta

import pytest

from app import clock
from app.db import db
from app.domain.actor import Role, system
from app.models.account import Account, Membership
from app.models.login_session import LoginSession
from app.sealing import fingerprint
from services.accounts import opening
from tests.api.wechat.people import (
    NUMBER,
    OTHER,
    bound_to,
    made_accounts,
    roles,
    rows,
    staff_with,
    standing,
)
from tests.factories import MONDAY, make_account, make_enterprise, make_housekeeper
from tests.handsets import Handset
from tests.problems import refused

pytestmark = pytest.mark.usefixtures("monday")

SOON = timedelta(seconds=5)
THIRD = "13912340003"


@pytest.fixture
def company(client, wechat) -> Handset:
    """Somebody with the company's phone, which is the contact's number in the register."""
    return Handset(client, wechat, OTHER)


def give_place(account: Account, enterprise_id: int) -> None:
    """A register's place in the account, vouched for by the number of the enterprise."""
    columns = {"enterprise_id": enterprise_id, "phone_hash": fingerprint(OTHER)}
    make_account(Role.ENTERPRISE_ADMIN, account, **columns)


def test_the_number_of_an_enterprise_leads_staff_into_another_account(handset):
    staff, enterprise = staff_with(NUMBER), make_enterprise(contact_phone=OTHER)
    session = handset.bound()
    answer = handset.bind(session, number=OTHER)
    assert [one["enterprise_id"] for one in answer.json["memberships"]] == [enterprise.id]
    [made] = made_accounts()
    assert [one.account_id for one in standing()] == [made.id]
    assert not rows(
        Membership, Membership.account_id == staff.id, Membership.phone_hash.is_not(None)
    )
    with clock.frozen(MONDAY + SOON):
        refused(handset.me(session), 401, "unauthenticated")
        assert handset.me(handset.token()).json["account_id"] == made.id


def test_whoever_has_the_number_of_an_enterprise_gets_no_role_of_the_staff(handset, company):
    staff_with(NUMBER)
    make_enterprise(contact_phone=OTHER)
    handset.bind(handset.bound(), number=OTHER)
    assert roles(company.bind()) == ["enterprise_admin"]
    assert len(made_accounts()) == 1
    assert roles(handset.bind()) == ["coordinator"]


def test_what_a_number_gave_to_staff_before_does_not_open_their_account(company):
    """As an earlier release may have left it: the register's place in the coordinator's account."""
    staff, enterprise = staff_with(NUMBER), make_enterprise(contact_phone=OTHER)
    give_place(staff, enterprise.id)
    assert roles(company.bind()) == ["enterprise_admin"]
    assert standing()[0].account_id == made_accounts()[0].id
    [ended] = rows(Membership, Membership.valid_until.is_not(None))
    assert (ended.account_id, ended.role) == (staff.id, "enterprise_admin")


def leave(account: Account, sign: str | None) -> None:
    """Take from the account every sign of an administrator's hand but `sign`."""
    account.password_hash = "x" if sign == "password" else None
    account.phone_hash = fingerprint(THIRD) if sign == "number" else None
    db.session.flush()
    if sign != "role":
        for one in rows(Membership, Membership.phone_hash.is_(None)):
            one.valid_until = MONDAY
    db.session.flush()


@pytest.mark.parametrize("sign", ["password", "number", "role"])
def test_each_sign_of_an_administrators_hand_keeps_out_who_is_bound(handset, sign):
    make_enterprise(contact_phone=OTHER)
    person = bound_to(handset)
    leave(person.account, sign)
    assert roles(handset.bind(number=OTHER)) == ["enterprise_admin"]
    assert standing()[0].account_id == made_accounts()[0].id != person.account.id


@pytest.mark.parametrize("sign", ["password", "number", "role"])
def test_each_sign_of_an_administrators_hand_keeps_out_the_holder_of_a_place(company, sign):
    enterprise, person = make_enterprise(contact_phone=OTHER), make_account(Role.COORDINATOR)
    give_place(person.account, enterprise.id)
    leave(person.account, sign)
    assert roles(company.bind()) == ["enterprise_admin"]
    assert standing()[0].account_id == made_accounts()[0].id != person.account.id


def test_a_role_by_hand_that_has_ended_keeps_nobody_out(handset):
    make_enterprise(contact_phone=OTHER)
    person = bound_to(handset)
    leave(person.account, None)
    assert roles(handset.bind(number=OTHER)) == ["enterprise_admin"]
    assert standing()[0].account_id == person.account.id


def test_the_own_number_of_staff_brings_the_places_of_that_number_along(handset):
    staff, _ = staff_with(NUMBER), make_enterprise(contact_phone=NUMBER)
    make_housekeeper(phone=NUMBER)
    assert roles(handset.bind()) == ["coordinator", "housekeeper", "enterprise_admin"]
    assert standing()[0].account_id == staff.id
    assert made_accounts() == []


@pytest.mark.parametrize("number", [None, THIRD])
def test_a_number_that_is_taken_away_lets_nobody_in_any_longer(handset, number):
    """Whichever number they came by, and whatever the registers say of it."""
    staff, enterprise = staff_with(NUMBER), make_enterprise(contact_phone=OTHER)
    session = handset.bound()
    binding = standing()[0]
    binding.phone_hash = fingerprint(OTHER)
    give_place(staff, enterprise.id)
    opening.set_phone(system("test"), staff.id, number)
    assert standing() == []
    assert all(one.revoked_at for one in rows(LoginSession))
    with clock.frozen(MONDAY + SOON):
        refused(handset.me(session), 401, "unauthenticated")
        assert handset.log_in().json["is_bound"] is False
        assert roles(handset.bind(number=OTHER)) == ["enterprise_admin"]
        refused(handset.bind(), 403, "phone-not-in-roster")
    assert standing()[0].account_id == made_accounts()[0].id
