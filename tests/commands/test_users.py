"""The first day of an installation: units, accounts and roles from the console."""

import pytest
from click.testing import Result

from app.db import db
from app.models.account import Account, Membership
from app.models.organisation import Organisation
from app.models.wechat import WechatBinding
from app.sealing import fingerprint, unseal
from services.accounts import passwords
from tests.factories import CITY, Person, make_account, make_binding, make_enterprise

PASSWORD = "Guanjia-2026"
PHONE, OTHER = "13912340001", "13912340002"


@pytest.fixture
def run(app, database):
    """A command as typed at the console."""

    def typed(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=list(words))

    return typed


def account(login: str) -> Account:
    return db.session.query(Account).filter_by(login=login).one()


def add(run, login: str = "wang", password: str = PASSWORD) -> Result:
    return run("users", "add", login, "--name", "王明", "--password", password)


def test_an_account_can_log_in_after_it_was_opened(run):
    assert add(run).exit_code == 0
    assert passwords.is_right(PASSWORD, account("wang").password_hash)


def test_a_login_is_given_once(run):
    add(run)
    again = add(run)
    assert again.exit_code == 1
    assert "已存在" in again.output


def test_a_short_password_is_refused(run):
    refused = add(run, password="short")
    assert refused.exit_code == 1
    assert "至少" in refused.output
    assert not db.session.query(Account).filter_by(login="wang").count()


def test_a_coordinator_is_granted_an_area(run):
    add(run)
    run("organisations", "add", "鞍山市企业服务中心", "--kind", "service_centre", "--area", CITY)
    words = ("--organisation", "鞍山市企业服务中心", "--area", CITY)
    assert run("users", "grant", "wang", "coordinator", *words).exit_code == 0
    membership = db.session.query(Membership).filter_by(account_id=account("wang").id).one()
    assert (membership.role, membership.area_prefix) == ("coordinator", "2103")
    assert membership.organisation_id


def test_an_enterprise_is_found_by_its_credit_code(run):
    enterprise = make_enterprise()
    add(run)
    granted = run("users", "grant", "wang", "enterprise_admin", "--uscc", enterprise.uscc)
    assert granted.exit_code == 0, granted.output
    membership = db.session.query(Membership).filter_by(account_id=account("wang").id).one()
    assert membership.enterprise_id == enterprise.id


@pytest.mark.parametrize(
    ("role", "words", "told"),
    [
        ("coordinator", ("--organisation", "没有的单位", "--area", CITY), "没有这个单位"),
        ("coordinator", ("--area", "999999999999"), "没有这个区划代码"),
        ("coordinator", (), "须指定区划"),
        ("handler", (), "须指定单位"),
        ("enterprise_admin", ("--uscc", "91210300000000000X"), "没有这个统一社会信用代码"),
        ("housekeeper", ("--phone", "13800000000"), "没有这个手机号"),
    ],
)
def test_a_role_without_its_place_is_refused(run, role, words, told):
    add(run)
    refused = run("users", "grant", "wang", role, *words)
    assert refused.exit_code == 1
    assert told in refused.output
    assert not db.session.query(Membership).filter_by(account_id=account("wang").id).count()


def test_a_disabled_account_is_out(run, client):
    add(run)
    assert run("users", "disable", "wang").exit_code == 0
    body = {"login": "wang", "password": PASSWORD}
    assert client.post("/api/v1/auth/password", json=body).status_code == 401


def test_a_new_password_replaces_the_old_one(run):
    add(run)
    assert run("users", "password", "wang", "--password", "another-one-1").exit_code == 0
    db.session.expire_all()
    assert not passwords.is_right(PASSWORD, account("wang").password_hash)


def test_a_unit_from_a_workbook_is_confirmed_by_hand(run):
    db.session.add(Organisation(name="某街道办事处", is_confirmed=False))
    db.session.flush()
    assert run("organisations", "confirm", "某街道办事处").exit_code == 0
    db.session.expire_all()
    assert db.session.query(Organisation).filter_by(name="某街道办事处").one().is_confirmed
    assert run("organisations", "confirm", "没有的单位").exit_code == 1


def test_an_account_is_found_by_its_number_from_the_first_day(run):
    words = ("--name", "王明", "--password", PASSWORD, "--phone", "+86 139-1234-0001")
    assert run("users", "add", "wang", *words).exit_code == 0
    wang = account("wang")
    assert wang.phone_hash == fingerprint(PHONE)
    assert wang.phone is not None
    assert unseal(wang.phone, "accounts.phone") == PHONE


def test_a_number_is_set_changed_and_removed(run):
    add(run)
    for number in (PHONE, PHONE, OTHER):
        assert run("users", "phone", "wang", number).exit_code == 0
        assert account("wang").phone_hash == fingerprint(number)
    assert run("users", "phone", "wang", "--remove").exit_code == 0
    assert (account("wang").phone, account("wang").phone_hash) == (None, None)


def test_a_number_that_is_none_opens_no_account(run):
    words = ("--name", "王明", "--password", PASSWORD, "--phone", "12345")
    refused = run("users", "add", "wang", *words)
    assert refused.exit_code == 1
    assert "11 位手机号码" in refused.output
    assert not db.session.query(Account).filter_by(login="wang").count()


def test_a_number_belongs_to_one_account(run):
    add(run)
    add(run, "li")
    run("users", "phone", "wang", PHONE)
    refused = run("users", "phone", "li", PHONE)
    assert refused.exit_code == 1
    assert "wang" in refused.output
    assert PHONE not in refused.output


@pytest.mark.parametrize("words", [(), (PHONE, "--remove")])
def test_a_number_or_its_removal_is_asked_for(run, words):
    add(run)
    assert run("users", "phone", "wang", *words).exit_code == 2


def bound(login: str, number: str) -> WechatBinding:
    return make_binding(Person(account(login), Membership()), phone=number)


def has_ended(binding: WechatBinding) -> bool:
    db.session.expire_all()
    return binding.ended_at is not None


def test_who_came_in_by_the_former_number_has_to_bind_anew(run):
    add(run)
    run("users", "phone", "wang", PHONE)
    binding = bound("wang", PHONE)
    run("users", "phone", "wang", PHONE)
    assert not has_ended(binding)
    run("users", "phone", "wang", OTHER)
    assert has_ended(binding)


@pytest.mark.parametrize("words", [["--remove"], ["13912340003"], [OTHER]])
def test_no_binding_of_the_account_outlives_the_change(run, words):
    add(run)
    run("users", "phone", "wang", PHONE)
    by_register = bound("wang", OTHER)
    assert run("users", "phone", "wang", *words).exit_code == 0
    assert has_ended(by_register)


def test_who_was_bound_by_the_number_elsewhere_has_to_bind_anew(run):
    add(run)
    add(run, "li")
    elsewhere, other = bound("li", PHONE), make_binding(make_account("auditor"), phone=OTHER)
    run("users", "phone", "wang", PHONE)
    assert has_ended(elsewhere)
    assert not has_ended(other)
