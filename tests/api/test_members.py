"""企业成员 over HTTP: the list, invitations among colleagues, removing, the wish about visits."""

from datetime import timedelta

import pytest

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.member import Invitation
from app.sealing import fingerprint
from tests.callers import API, Caller
from tests.factories import MONDAY, make_account, make_cast, make_enterprise
from tests.problems import refused


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def admin(client, cast) -> Caller:
    return Caller(client, cast.applicant)


def home(cast) -> str:
    return f"/enterprises/{cast.enterprise.id}"


def invited(admin: Caller, cast, role: str = "enterprise_staff") -> dict:
    answer = admin.post(f"{home(cast)}/invitations", {"role": role})
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return answer.json


def remove(caller: Caller, cast, member_id: int):
    path = f"{API}{home(cast)}/members/{member_id}"
    return caller.client.delete(path, headers=caller.headers())


def members(caller: Caller, cast) -> list[dict]:
    answer = caller.get(f"{home(cast)}/members")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def test_an_invited_colleague_is_a_member(client, admin, cast):
    offer = invited(admin, cast)
    assert offer["code"] in offer["link"]
    assert offer["qr_svg"].startswith("<svg")
    colleague = Caller(client, make_account(Role.ENTERPRISE_ADMIN))
    answer = colleague.post("/me/memberships", {"code": offer["code"]})
    assert answer.status_code == 200, answer.text
    homes = {one["enterprise_id"]: one["role"] for one in answer.json["memberships"]}
    assert homes[cast.enterprise.id] == "enterprise_staff"
    assert len(homes) == 2
    names = [one["name"] for one in members(admin, cast)]
    assert names == [cast.applicant.account.name, colleague.person.account.name]


def test_one_person_acts_for_either_enterprise(client, admin, cast):
    colleague = Caller(client, make_account(Role.ENTERPRISE_ADMIN))
    joined = colleague.post("/me/memberships", {"code": invited(admin, cast)["code"]}).json
    own = colleague.person.membership.enterprise_id
    for one in joined["memberships"]:
        headers = colleague.headers() | {"X-Membership": str(one["id"])}
        listed = client.get(f"{API}/enterprises", headers=headers).json["items"]
        assert [seen["id"] for seen in listed] == [one["enterprise_id"]]
    assert {one["enterprise_id"] for one in joined["memberships"]} == {own, cast.enterprise.id}


def test_a_code_is_hashed_and_good_once(client, admin, cast):
    code = invited(admin, cast)["code"]
    assert code.encode() not in db.session.query(Invitation).one().code_hash
    first, second = (Caller(client, make_account(Role.ENTERPRISE_ADMIN)) for _ in range(2))
    assert first.post("/me/memberships", {"code": code}).status_code == 200
    refused(second.post("/me/memberships", {"code": code}), 409, "invitation-invalid")


def test_who_was_not_answered_asks_again(client, admin, cast):
    code = invited(admin, cast)["code"]
    colleague = Caller(client, make_account(Role.HANDLER))
    first = colleague.post("/me/memberships", {"code": code})
    again = colleague.post("/me/memberships", {"code": code})
    assert (again.status_code, again.json) == (200, first.json)


def test_a_code_expires(client, admin, cast):
    code = invited(admin, cast)["code"]
    with clock.frozen(MONDAY + timedelta(days=7)):
        late = Caller(client, make_account(Role.ENTERPRISE_ADMIN))
        refused(late.post("/me/memberships", {"code": code}), 409, "invitation-invalid")


def test_a_revoked_code_is_void(client, admin, cast):
    offer = invited(admin, cast)
    path = f"{API}{home(cast)}/invitations/{offer['id']}"
    assert client.delete(path, headers=admin.headers()).status_code == 204
    late = Caller(client, make_account(Role.ENTERPRISE_ADMIN))
    refused(late.post("/me/memberships", {"code": offer["code"]}), 409, "invitation-invalid")


def test_who_is_a_member_already_spends_no_code(client, admin, cast):
    code = invited(admin, cast)["code"]
    refused(admin.post("/me/memberships", {"code": code}), 409, "member-already")
    other = Caller(client, make_account(Role.ENTERPRISE_ADMIN))
    assert other.post("/me/memberships", {"code": code}).status_code == 200


def test_only_an_administrator_invites(client, cast):
    staff = make_account(Role.ENTERPRISE_STAFF, enterprise_id=cast.enterprise.id)
    answer = Caller(client, staff).post(f"{home(cast)}/invitations", {"role": "enterprise_staff"})
    refused(answer, 403)


def test_nobody_joins_an_enterprise_that_closed(client, admin, cast):
    code = invited(admin, cast)["code"]
    cast.enterprise.operating_state = "注销"
    db.session.flush()
    other = Caller(client, make_account(Role.ENTERPRISE_ADMIN))
    refused(other.post("/me/memberships", {"code": code}), 409, "enterprise-closed")
    answer = admin.post(f"{home(cast)}/invitations", {"role": "enterprise_staff"})
    refused(answer, 409, "enterprise-closed")


def test_a_removed_member_may_do_nothing_more(client, admin, cast):
    colleague = make_account(Role.ENTERPRISE_STAFF, enterprise_id=cast.enterprise.id)
    assert remove(admin, cast, colleague.membership.id).status_code == 204
    assert [one["role"] for one in members(admin, cast)] == ["enterprise_admin"]
    refused(Caller(client, colleague).get("/enterprises"), 403)


def test_the_last_administrator_stays(client, admin, cast):
    last = cast.applicant.membership.id
    make_account(Role.ENTERPRISE_STAFF, enterprise_id=cast.enterprise.id)
    refused(remove(admin, cast, last), 409, "last-admin")
    refused(remove(Caller(client, cast.supervisor), cast, last), 409, "last-admin")
    make_account(Role.ENTERPRISE_ADMIN, enterprise_id=cast.enterprise.id)
    assert remove(admin, cast, last).status_code == 204


def test_the_contact_of_the_register_is_removed_in_the_register(admin, cast):
    contact = make_account(
        Role.ENTERPRISE_ADMIN, enterprise_id=cast.enterprise.id, phone_hash=fingerprint("1")
    )
    refused(remove(admin, cast, contact.membership.id), 409, "from-register")


def test_members_of_others_are_out_of_reach(client, admin, cast):
    other = make_account(Role.ENTERPRISE_STAFF)
    refused(remove(admin, cast, other.membership.id), 404)
    foreign = f"/enterprises/{other.membership.enterprise_id}/members"
    refused(admin.get(foreign), 404)
    elsewhere = make_account(Role.SUPERVISOR, area_prefix="210303")
    refused(Caller(client, elsewhere).get(f"{home(cast)}/members"), 404)


def test_a_supervisor_of_the_area_sees_and_removes(client, cast):
    supervisor = Caller(client, cast.supervisor)
    colleague = make_account(Role.ENTERPRISE_STAFF, enterprise_id=cast.enterprise.id)
    assert len(members(supervisor, cast)) == 2
    assert remove(supervisor, cast, colleague.membership.id).status_code == 204
    ended = colleague.membership
    db.session.refresh(ended)
    assert (ended.valid_until, ended.ended_by) == (MONDAY, cast.supervisor.account.id)


def test_the_housekeeper_sees_the_wish_about_visits(client, admin, cast):
    housekeeper = Caller(client, cast.housekeeper)
    assert housekeeper.get(home(cast)).json["visit_preference"] == "any"
    wish = {"visit_preference": "only_when_asked"}
    assert admin.patch(f"{home(cast)}/visit-preference", wish).json["visit_preference"] == (
        "only_when_asked"
    )
    assert housekeeper.get(home(cast)).json["visit_preference"] == "only_when_asked"
    colleague = make_account(Role.ENTERPRISE_STAFF, enterprise_id=cast.enterprise.id)
    refused(Caller(client, colleague).patch(f"{home(cast)}/visit-preference", wish), 403)


def test_the_housekeeper_puts_the_wish_down_as_it_was_told(client, cast):
    wish = {"visit_preference": "only_when_asked"}
    told = Caller(client, cast.housekeeper).patch(f"{home(cast)}/visit-preference", wish)
    assert told.json["visit_preference"] == "only_when_asked"
    stranger = Caller(client, make_cast().housekeeper)
    refused(stranger.patch(f"{home(cast)}/visit-preference", wish), 404)


def test_an_enterprise_is_closed_over_http(client):
    enterprise = make_enterprise()
    officer = Caller(client, make_account(Role.REGISTER_OFFICER))
    answer = officer.post(f"/enterprises/{enterprise.id}/closure", {"reason": "准予注销。"})
    assert answer.status_code == 200, answer.text
    assert (answer.json["operating_state"], answer.json["closed_on"]) == (
        "注销",
        str(MONDAY.date()),
    )
