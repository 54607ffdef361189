"""账号与授权 over HTTP: the security administrator opens, grants, ends and disables, audited."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.account import Membership
from app.models.audit_entry import AuditEntry
from tests.callers import API, Caller
from tests.factories import (
    CITY,
    COUNTY,
    MONDAY,
    OTHER_COUNTY,
    make_account,
    make_enterprise,
    make_housekeeper,
    make_organisation,
)
from tests.problems import refused

PHONE = "13912340001"
WHY = {"reason": "岗位职责。"}


@pytest.fixture(autouse=True)
def monday(database):
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def admin(client):
    return Caller(client, make_account(Role.SEC_ADMIN))


@pytest.fixture
def clerk():
    """Somebody without any role."""
    return make_account(Role.HANDLER, valid_until=MONDAY).account


def audited(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


def grant(admin, account_id: int, role: str, **place):
    return admin.post(f"/accounts/{account_id}/memberships", {"role": role, **WHY, **place})


def patch(admin, path: str, body):
    return admin.client.patch(API + path, json=body, headers=admin.headers())


def pointers(problem) -> list[str]:
    return [error["pointer"] for error in problem["errors"]]


def test_an_account_is_opened_with_nothing_and_found_again(admin):
    made = admin.post("/accounts", {"login": "zhang.wei", "name": "张伟", "phone": PHONE})
    assert made.status_code == 201, made.text
    assert made.json["phone"] == "139****0001"
    assert not made.json["has_password"]
    assert admin.get(f"/accounts/{made.json['id']}").json == made.json
    assert made.headers["Location"] == f"{API}/accounts/{made.json['id']}"
    assert admin.get(f"/accounts/{made.json['id']}/memberships").json["items"] == []
    [entry] = audited("open_account")
    assert (entry.account_id, entry.role) == (admin.person.account.id, "sec_admin")
    assert PHONE not in str([one.facts for one in audited("set_account_phone")])


def test_a_login_is_given_once(admin):
    admin.post("/accounts", {"login": "zhang.wei", "name": "张伟"})
    refused(admin.post("/accounts", {"login": "zhang.wei", "name": "张炜"}), 409, "already-exists")


@pytest.mark.parametrize("words", ["张伟", "zhang", "伟"])
def test_accounts_are_searched_by_name_and_login(admin, words):
    made = admin.post("/accounts", {"login": "zhang.wei", "name": "张伟"}).json
    admin.post("/accounts", {"login": "li.peng", "name": "李鹏"})
    found = admin.get("/accounts", query_string={"q": words}).json["items"]
    assert [one["id"] for one in found] == [made["id"]]


def test_accounts_are_searched_by_what_they_hold_now(admin, clerk):
    unit = make_organisation()
    holder = make_account(Role.CO_HANDLER, organisation_id=unit.id).account
    make_account(Role.CO_HANDLER, clerk, organisation_id=unit.id, valid_until=MONDAY)
    for query in (f"organisation={unit.id}", f"role=co_handler&organisation={unit.id}"):
        assert [one["id"] for one in admin.get(f"/accounts?{query}").json["items"]] == [holder.id]
    assert admin.get(f"/accounts?role=auditor&organisation={unit.id}").json["items"] == []


def test_a_list_of_accounts_is_read_in_pages(admin):
    for number in range(3):
        admin.post("/accounts", {"login": f"same.name{number}", "name": "同名"})
    asked = {"q": "same.name", "limit": 2}
    first = admin.get("/accounts", query_string=asked).json
    asked["cursor"] = first["next_cursor"]
    second = admin.get("/accounts", query_string=asked).json
    assert [len(first["items"]), len(second["items"])] == [2, 1]
    assert second["next_cursor"] is None


def test_name_and_phone_are_corrected_and_the_rest_stays(admin, clerk):
    answer = patch(admin, f"/accounts/{clerk.id}", {"name": "张炜", "phone": PHONE})
    assert (answer.json["name"], answer.json["phone"]) == ("张炜", "139****0001")
    answer = patch(admin, f"/accounts/{clerk.id}", {"phone": None})
    assert (answer.json["name"], answer.json["phone"]) == ("张炜", None)
    refused(patch(admin, f"/accounts/{clerk.id}", {"phone": "123"}), 422)


def test_a_reset_gives_a_password_that_has_to_be_changed(admin, client, clerk):
    answer = admin.post(f"/accounts/{clerk.id}/password-reset")
    assert answer.headers["Cache-Control"] == "no-store"
    assert admin.get(f"/accounts/{clerk.id}").json["must_change_password"]
    body = {"login": clerk.login, "password": answer.json["password"]}
    assert client.post(f"{API}/auth/password", json=body).status_code == 200
    [entry] = audited("set_password")
    assert answer.json["password"] not in str(entry.facts)
    again = admin.post(f"/accounts/{clerk.id}/password-reset").json["password"]
    assert again != answer.json["password"]


def test_a_role_is_granted_with_its_place_its_time_and_its_reason(admin, clerk):
    unit = make_organisation(area_code=COUNTY)
    until = MONDAY + timedelta(days=30)
    answer = grant(
        admin,
        clerk.id,
        "operator",
        organisation_id=unit.id,
        area_code=COUNTY,
        valid_until=until.isoformat(),
    )
    assert answer.status_code == 201, answer.text
    given = answer.json
    assert (given["organisation_name"], given["area_code"]) == (unit.name, COUNTY)
    assert (given["granted_by"], given["grant_reason"]) == (
        admin.person.account.name,
        WHY["reason"],
    )
    assert admin.get(f"/accounts/{clerk.id}/memberships").json["items"][0] == given
    [entry] = audited("grant_role")
    assert entry.subject == f"membership:{given['id']}"
    assert entry.facts["account_id"] == clerk.id
    stored = db.session.get_one(Membership, given["id"])
    assert (stored.area_prefix, stored.valid_until) == ("210302", until)


def test_nobody_grants_to_himself_nor_ends_disables_or_resets_what_is_his(admin):
    own, membership = admin.person.account.id, admin.person.membership.id
    for answer in (
        grant(admin, own, "sec_admin"),
        admin.post(f"/memberships/{membership}/end", WHY),
        admin.post(f"/accounts/{own}/disabling", WHY),
        admin.post(f"/accounts/{own}/password-reset"),
        admin.post(f"/accounts/{own}/move", WHY | {"organisation_id": make_organisation().id}),
    ):
        refused(answer, 409, "own-account")
    assert not audited("grant_role")


@pytest.mark.parametrize("held", ["sys_admin", "sec_admin", "auditor"])
@pytest.mark.parametrize("role", ["sys_admin", "auditor", "supervisor"])
def test_administrators_hold_one_role_only(admin, clerk, held, role):
    assert grant(admin, clerk.id, held).status_code == 201
    place = {"area_code": CITY} if role == "supervisor" else {}
    code = "already-exists" if role == held else "roles-clash"
    refused(grant(admin, clerk.id, role, **place), 409, code)


def test_roles_that_begin_later_clash_as_well(admin, clerk):
    later = (MONDAY + timedelta(days=9)).isoformat()
    assert grant(admin, clerk.id, "auditor", valid_from=later).status_code == 201
    refused(grant(admin, clerk.id, "supervisor", area_code=CITY), 409, "roles-clash")


def test_what_has_ended_clashes_with_nothing(admin, clerk):
    first = grant(admin, clerk.id, "auditor").json
    assert admin.post(f"/memberships/{first['id']}/end", WHY).status_code == 200
    assert grant(admin, clerk.id, "supervisor", area_code=CITY).status_code == 201


@pytest.mark.parametrize(
    ("role", "pointer"),
    [
        ("enterprise_admin", "/enterprise_id"),
        ("housekeeper", "/housekeeper_id"),
        ("handler", "/organisation_id"),
        ("coordinator", "/area_code"),
        ("lay_supervisor", "/area_code"),
        ("register_officer", "/organisation_id"),
        ("operator", "/organisation_id"),
        ("revisitor", "/organisation_id"),
    ],
)
def test_a_role_needs_its_place(admin, clerk, role, pointer):
    assert pointer in pointers(refused(grant(admin, clerk.id, role), 422))


def test_a_place_that_a_role_has_no_use_for_is_refused(admin, clerk):
    enterprise = make_enterprise()
    answer = grant(admin, clerk.id, "auditor", enterprise_id=enterprise.id)
    assert pointers(refused(answer, 422)) == ["/enterprise_id"]
    answer = grant(admin, clerk.id, "enterprise_staff", enterprise_id=enterprise.id, area_code=CITY)
    assert pointers(refused(answer, 422)) == ["/area_code"]


def test_an_area_lies_within_that_of_the_unit(admin, clerk):
    unit = make_organisation(area_code=COUNTY)
    for area in (OTHER_COUNTY, CITY):
        answer = grant(admin, clerk.id, "handler", organisation_id=unit.id, area_code=area)
        assert pointers(refused(answer, 422)) == ["/area_code"]
    vertical = make_organisation(kind="vertical", area_code=None)
    answer = grant(admin, clerk.id, "handler", organisation_id=vertical.id, area_code=CITY)
    assert answer.status_code == 201


@pytest.mark.parametrize("name", ["organisation_id", "enterprise_id", "housekeeper_id"])
def test_a_place_is_there(admin, clerk, name):
    role = {"organisation_id": "handler", "enterprise_id": "enterprise_staff"}.get(
        name, "housekeeper"
    )
    assert pointers(refused(grant(admin, clerk.id, role, **{name: 999_999}), 422)) == [f"/{name}"]


def test_a_housekeeper_has_the_unit_of_the_roster(admin, clerk):
    row = make_housekeeper()
    given = grant(admin, clerk.id, "housekeeper", housekeeper_id=row.id).json
    assert given["organisation_id"] == row.organisation_id


def test_the_same_role_at_the_same_place_is_given_once(admin, clerk):
    unit = make_organisation()
    assert grant(admin, clerk.id, "handler", organisation_id=unit.id).status_code == 201
    refused(grant(admin, clerk.id, "handler", organisation_id=unit.id), 409, "already-exists")
    other = grant(admin, clerk.id, "handler", organisation_id=make_organisation().id)
    assert other.status_code == 201


def test_a_role_neither_begins_in_the_past_nor_ends_before_it_begins(admin, clerk):
    past = (MONDAY - timedelta(minutes=1)).isoformat()
    answer = grant(admin, clerk.id, "auditor", valid_from=past)
    assert pointers(refused(answer, 422)) == ["/valid_from"]
    answer = grant(admin, clerk.id, "auditor", valid_until=MONDAY.isoformat())
    assert pointers(refused(answer, 422)) == ["/valid_until"]


def test_a_role_ends_once_with_who_and_why(admin, clerk):
    given = grant(admin, clerk.id, "auditor").json
    ended = admin.post(f"/memberships/{given['id']}/end", {"reason": "轮岗。"}).json
    assert (ended["ended_by"], ended["end_reason"]) == (admin.person.account.name, "轮岗。")
    again = admin.post(f"/memberships/{given['id']}/end", {"reason": "轮岗。"})
    refused(again, 409, "membership-ended")
    [entry] = audited("end_role")
    assert entry.facts["reason"] == "轮岗。"


def test_a_disabled_account_is_out_and_comes_back_as_it_was(admin, client, clerk):
    person = make_account(Role.COORDINATOR, clerk)
    caller = Caller(client, person)
    assert admin.post(f"/accounts/{clerk.id}/disabling", WHY).status_code == 200
    refused(caller.get("/me"), 401)
    refused(admin.post(f"/accounts/{clerk.id}/disabling", WHY), 409, "account-state")
    assert admin.post(f"/accounts/{clerk.id}/enabling", WHY).json["is_enabled"]
    refused(admin.post(f"/accounts/{clerk.id}/enabling", WHY), 409, "account-state")
    refused(caller.get("/me"), 401)
    assert Caller(client, person).get("/me").status_code == 200
    assert len(audited("disable_account")) == len(audited("enable_account")) == 1


def test_what_is_not_there_is_404(admin):
    for answer in (
        admin.get("/accounts/999999"),
        admin.get("/accounts/999999/memberships"),
        patch(admin, "/accounts/999999", {"name": "无人"}),
        admin.post("/accounts/999999/password-reset"),
        admin.post("/memberships/999999/end", WHY),
        grant(admin, 999_999, "auditor"),
    ):
        refused(answer, 404)


def test_the_system_is_no_role_of_people(admin, clerk):
    refused(grant(admin, clerk.id, "system"), 422)


def test_accounts_hold_no_names_in_the_audit(admin, clerk):
    patch(admin, f"/accounts/{clerk.id}", {"name": "新名字"})
    assert admin.get(f"/accounts/{clerk.id}").json["name"] == "新名字"
    assert "新名字" not in str([one.facts for one in audited("rename_account")])
