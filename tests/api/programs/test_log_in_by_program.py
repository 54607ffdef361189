"""Who logs in says by which mini-program; one person is one account in all of them."""

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.models.account import Account
from app.models.audit_entry import AuditEntry
from app.sealing import fingerprint
from tests.api.wechat.people import NUMBER, bound_to, staff_with, standing
from tests.api.wechat.people import OTHER as NEW_NUMBER
from tests.callers import API
from tests.factories import make_enterprise
from tests.handsets import Handset, bearing
from tests.problems import places, refused
from tests.two_programs import OTHER
from tests.wechat import APPID

pytestmark = pytest.mark.usefixtures("programs")

UNION = "union-of-somebody"


@pytest.fixture
def phone(client, wechat):
    """The same person in any mini-program: another openid in each."""

    def handset(program: str = "", unionid: str = "", number: str = NUMBER) -> Handset:
        return Handset(client, wechat, number, program, unionid)

    return handset


def bound_appids() -> list[str]:
    return [one.appid for one in standing()]


def test_a_code_is_good_in_its_own_mini_program_alone(client, wechat, phone):
    staff_with(NUMBER)
    here = phone(OTHER.appid)
    assert here.bind().json["is_bound"] is True
    assert bound_appids() == [OTHER.appid]
    code = wechat.login_code(here.openid)
    refused(client.post(f"{API}/auth/wechat", json={"code": code}), 401, "wechat-code-invalid")


def test_an_unknown_mini_program_is_refused(client, phone):
    staff_with(NUMBER)
    caller = phone().bound()
    for method, path in (("post", "/auth/wechat"), ("get", "/me"), ("get", "/me/subscriptions")):
        headers = bearing(caller) | {"X-Program": "wx" + "0" * 16}
        body = {"json": {"code": "x"}} if method == "post" else {}
        answer = getattr(client, method)(f"{API}{path}", headers=headers, **body)
        assert places(answer) == {"": "unknown-program"}


def test_one_number_is_one_account_with_a_binding_in_each(phone):
    staff_with(NUMBER)
    first, other = phone(), phone(OTHER.appid)
    here, there = first.bound(), other.bound()
    assert bound_appids() == [APPID, OTHER.appid]
    assert len({one.account_id for one in standing()}) == 1
    assert [one.me(token).status_code for one, token in ((first, here), (other, there))] == [
        200
    ] * 2
    assert other.log_in().json["is_bound"] is first.log_in().json["is_bound"] is True


def test_whoever_is_known_by_unionid_is_bound_at_log_in(phone):
    staff_with(NUMBER)
    phone(unionid=UNION).bound()
    told = phone(OTHER.appid, UNION, "13900000009").log_in().json
    assert told["is_bound"] is True
    first, linked = standing()
    assert (linked.appid, linked.account_id) == (OTHER.appid, first.account_id)
    assert (linked.phone_hash, linked.unionid_hash) == (first.phone_hash, fingerprint(UNION))
    kept = db.session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.action == "bind_wechat"))
    assert {"by": "unionid"} in kept.all()


@pytest.mark.parametrize("unionid", ["", "union-of-another"])
def test_without_the_same_unionid_nobody_is_known(phone, unionid):
    staff_with(NUMBER)
    phone(unionid=UNION).bound()
    assert phone(OTHER.appid, unionid).log_in().json["is_bound"] is False
    assert bound_appids() == [APPID]


def test_who_was_bound_before_the_platform_told_a_unionid_is_linked_after_it_did(wechat, phone):
    staff_with(NUMBER)
    first = phone()
    first.bound()
    wechat.make_user(openid=first.openid, unionid=UNION)
    assert phone(OTHER.appid, UNION).log_in().json["is_bound"] is False
    first.log_in()
    assert phone(OTHER.appid, UNION).log_in().json["is_bound"] is True


def test_the_account_of_a_disabled_person_opens_in_no_mini_program(phone):
    account = staff_with(NUMBER)
    phone(unionid=UNION).bound()
    account.is_enabled = False
    db.session.flush()
    refused(phone(OTHER.appid, UNION).log_in(), 403, "account-disabled")
    assert bound_appids() == [APPID]


def test_an_account_with_somebody_else_in_the_mini_program_is_not_linked(phone):
    staff_with(NUMBER)
    phone(OTHER.appid).bound()
    phone(unionid=UNION).bound()
    assert phone(OTHER.appid, UNION).log_in().json["is_bound"] is False
    assert bound_appids() == [OTHER.appid, APPID]


def test_two_accounts_of_one_unionid_link_to_neither(phone):
    bound_to(phone(unionid=UNION))
    bound_to(phone(unionid=UNION, number=NEW_NUMBER), Role.HANDLER)
    for one in standing():
        one.unionid_hash = fingerprint(UNION)
    db.session.flush()
    assert phone(OTHER.appid, UNION).log_in().json["is_bound"] is False


def test_a_new_number_goes_with_the_person_into_every_mini_program(phone):
    make_enterprise(contact_phone=NUMBER)
    first, other = phone(unionid=UNION), phone(OTHER.appid, UNION)
    first.bound()
    session = other.token()
    make_enterprise(contact_phone=NEW_NUMBER)
    other.bind(session, number=NEW_NUMBER)
    assert {one.phone_hash for one in standing()} == {fingerprint(NEW_NUMBER)}
    assert len({one.account_id for one in standing()}) == 1


def test_what_a_number_opened_elsewhere_ends_when_it_opens_another_account(phone):
    make_enterprise(contact_phone=NUMBER)
    first = phone()
    session = first.bound()
    former = standing()[0].account_id
    account = staff_with(NUMBER)
    phone(OTHER.appid).bound()
    assert [(one.appid, one.account_id) for one in standing()] == [(OTHER.appid, account.id)]
    assert former != account.id
    assert first.log_in().json["is_bound"] is False
    assert session


def test_without_a_unionid_another_number_ends_what_the_account_had(phone):
    account = staff_with(NUMBER)
    phone().bound()
    account.phone_hash = fingerprint(NEW_NUMBER)
    db.session.flush()
    phone(OTHER.appid, number=NEW_NUMBER).bound()
    assert bound_appids() == [OTHER.appid]


def test_who_unbinds_is_unbound_everywhere(client, phone):
    staff_with(NUMBER)
    phone(unionid=UNION).bound()
    other = phone(OTHER.appid, UNION)
    client.delete(f"{API}/me/wechat", headers=bearing(other.token()))
    assert standing() == []
    assert other.log_in().json["is_bound"] is False


def test_who_proves_it_anew_is_asked_by_the_own_mini_program(client, wechat, phone):
    staff_with(NUMBER)
    other = phone(OTHER.appid)
    session = other.bound()
    body = {"wechat_code": wechat.login_code(other.openid)}
    answer = client.post(f"{API}/me/reauthentication", json=body, headers=bearing(session))
    assert answer.status_code == 204


def test_whose_pass_is_of_a_mini_program_that_is_gone_logs_in_again(app, phone, programs):
    staff_with(NUMBER)
    other = phone(OTHER.appid)
    token = other.token()
    app.config["WECHAT"] = type(programs)(programs.first)
    refused(other.bind(token), 401, "unauthenticated")


def test_of_each_person_it_is_told_whether_they_are_bound_here(client, phone):
    staff_with(NUMBER)
    session = phone().bound()
    for program, is_bound in ((APPID, True), (OTHER.appid, False)):
        headers = bearing(session) | {"X-Program": program}
        assert client.get(f"{API}/me", headers=headers).json["is_wechat_bound"] is is_bound
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 1


def test_whoever_has_no_unionid_leaves_others_without_one_alone(phone):
    bound_to(phone(number=NEW_NUMBER))
    staff_with(NUMBER)
    phone(OTHER.appid).bound()
    assert bound_appids() == [APPID, OTHER.appid]
