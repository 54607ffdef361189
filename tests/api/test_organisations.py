"""POST and PATCH of /organisations: units as who configures the service keeps them."""

from urllib.parse import quote

import pytest

from app.db import db
from app.domain.actor import Role
from app.domain.permissions import Permission as Act
from app.models.audit_entry import AuditEntry
from app.models.organisation import Organisation
from tests.callers import Caller
from tests.factories import (
    COUNTY,
    make_account,
    make_cast,
    make_organisation,
    make_ticket,
)
from tests.problems import places, refused

NEW = {"name": "铁东区税务局", "kind": "department", "area_code": COUNTY}


@pytest.fixture
def admin(client) -> Caller:
    return Caller(client, make_account(Role.SYS_ADMIN))


def made(admin: Caller, **changes) -> dict:
    answer = admin.post("/organisations", NEW | changes)
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return answer.json


def test_a_new_unit_is_confirmed_and_found_again(admin):
    parent = make_organisation()
    unit = made(
        admin,
        parent_id=parent.id,
        office_phone="0412-5550120",
        reports_categories=["规上工业"],
        handles_categories=["tax", "finance"],
    )
    assert unit["is_confirmed"]
    assert unit["parent_id"] == parent.id
    assert unit["reports_categories"] == ["规上工业"]
    assert unit["handles_categories"] == ["tax", "finance"]
    assert admin.get(f"/organisations/{unit['id']}").json == unit


def test_a_name_is_given_once(admin):
    made(admin)
    refused(admin.post("/organisations", NEW | {"name": " 铁东区 税务局 "}), 409, "already-exists")
    other = made(admin, name="铁东区财政局")
    answer = admin.patch(f"/organisations/{other['id']}", {"name": NEW["name"]})
    refused(answer, 409, "already-exists")
    assert admin.patch(f"/organisations/{other['id']}", {"name": "铁东区财政局"}).status_code == 200


def test_only_a_vertical_body_goes_without_an_area(admin):
    without = {"name": "鞍山海关", "kind": "department"}
    assert places(admin.post("/organisations", without)) == {"/area_code": "required"}
    answer = admin.post("/organisations", without | {"kind": "vertical"})
    assert answer.status_code == 201
    again = admin.patch(f"/organisations/{answer.json['id']}", {"kind": "department"})
    assert places(again) == {"/area_code": "required"}


def test_what_a_unit_refers_to_must_be_there(admin):
    closed = make_organisation()
    admin.post(f"/organisations/{closed.id}/closure")
    wrong = {
        "area_code": "999999000000",
        "parent_id": closed.id,
        "handles_categories": ["tax", "unheard-of"],
        "unit_head": {"name": "孙志强", "phone": "12345"},
    }
    assert places(admin.post("/organisations", NEW | wrong)) == {
        "/area_code": "unknown-area",
        "/parent_id": "unknown-organisation",
        "/handles_categories/1": "unknown-category",
        "/unit_head/phone": "phone",
    }


def test_units_do_not_hang_below_themselves(admin):
    top = made(admin)
    middle = made(admin, name="税务一所", parent_id=top["id"])
    below = made(admin, name="税务一所办公室", parent_id=middle["id"])
    for parent in (top, middle, below):
        answer = admin.patch(f"/organisations/{top['id']}", {"parent_id": parent["id"]})
        assert places(answer) == {"/parent_id": "cycle"}
    assert admin.patch(f"/organisations/{below['id']}", {"parent_id": top["id"]}).status_code == 200


def test_what_is_not_said_stays_and_null_clears(admin):
    unit = made(admin, office_phone="0412-5550120", handles_categories=["tax"])
    changed = admin.patch(f"/organisations/{unit['id']}", {"office_phone": None}).json
    assert changed == unit | {"office_phone": None}


def test_contacts_are_sealed_masked_and_nothing_for_enterprises(client, admin):
    head = {"name": "孙志强", "phone": "138 0000 5521"}
    unit = made(admin, unit_head=head, deputy_leader={"name": "吴敏"})
    assert unit["unit_head"] == {"name": "孙志强", "phone": "138****5521"}
    assert unit["deputy_leader"] == {"name": "吴敏", "phone": None}
    sealed = db.session.get_one(Organisation, unit["id"]).unit_head_phone
    assert sealed is not None
    assert b"13800005521" not in sealed
    enterprise = Caller(client, make_account(Role.ENTERPRISE_ADMIN))
    seen = enterprise.get(f"/organisations/{unit['id']}").json
    assert (seen["unit_head"], seen["deputy_leader"]) == (None, None)
    kept = admin.patch(f"/organisations/{unit['id']}", {"deputy_leader": None}).json
    assert (kept["unit_head"], kept["deputy_leader"]) == (unit["unit_head"], None)


def test_a_unit_from_a_workbook_is_confirmed_once(admin):
    unit = make_organisation(is_confirmed=False)
    for _ in range(2):
        answer = admin.post(f"/organisations/{unit.id}/confirmation")
        assert answer.json["is_confirmed"]
    assert audited("confirm_organisation") == [f"organisation:{unit.id}"]


def test_a_unit_at_work_is_not_closed(admin):
    cast = make_cast()
    case = make_ticket("accepted", cast)
    unit = cast.lead_unit.id
    case.act(Act.DISPATCH)
    problem = refused(admin.post(f"/organisations/{unit}/closure"), 409, "organisation-in-use")
    assert "未办结的子工单 1 件" in problem["detail"]
    assert "有效的身份 2 个" in problem["detail"]
    assert str(cast.handler.membership.id) in problem["detail"]


def test_a_closed_unit_is_history(client, admin):
    unit = make_organisation("铁东区老办公室")
    closed = admin.post(f"/organisations/{unit.id}/closure").json
    assert closed["closed_on"]
    assert admin.post(f"/organisations/{unit.id}/closure").json == closed
    assert admin.get(f"/organisations?q={quote('老办公室')}").json["items"] == []
    listed = admin.get(f"/organisations?q={quote('老办公室')}&with_closed=true").json["items"]
    assert [one["id"] for one in listed] == [unit.id]
    assert admin.get(f"/organisations/{unit.id}").status_code == 200


def test_nothing_is_dispatched_to_a_closed_unit(client, admin):
    case = make_ticket("accepted")
    unit = make_organisation()
    admin.post(f"/organisations/{unit.id}/closure")
    coordinator = Caller(client, case.cast.coordinator)
    version = coordinator.version_of(case.number)
    answer = coordinator.post(
        f"/tickets/{case.number}/dispatch", {"lead_organisation_id": unit.id}, version=version
    )
    assert places(answer) == {"/lead_organisation_id": "unknown-organisation"}


def test_the_audit_knows_of_changes_but_not_of_numbers(admin):
    unit = made(admin)
    admin.patch(
        f"/organisations/{unit['id']}", {"unit_head": {"name": "孙志强", "phone": "13800005521"}}
    )
    assert audited("add_organisation") == audited("change_organisation")
    [entry] = entries("change_organisation")
    assert entry.facts == {"contacts": ["unit_head"]}


def entries(action: str) -> list[AuditEntry]:
    return db.session.query(AuditEntry).filter_by(action=action).all()


def audited(action: str) -> list[str]:
    return [entry.subject for entry in entries(action)]
