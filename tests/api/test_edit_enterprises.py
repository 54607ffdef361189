"""POST and PATCH of /enterprises: what an authority registers by hand."""

import pytest

from app.db import db
from app.domain.actor import Role
from app.models.audit_entry import AuditEntry
from app.models.enterprise import Enterprise
from tests.callers import Caller
from tests.factories import (
    COUNTY,
    MONDAY,
    OTHER_COUNTY,
    TOWN,
    make_account,
    make_area,
    make_enterprise,
    make_organisation,
)
from tests.problems import places, refused

CODE = "91210302MA0UQRB27Y"
NEW = {
    "name": "鞍山宏远 机械有限公司(东区)",
    "uscc": CODE.lower(),
    "categories": ["其他", "规上工业"],
    "area_code": TOWN,
    "contact_name": "赵 敏",
    "contact_phone": "+86 139-0412-0021",
    "total_investment": "1,200",
}


@pytest.fixture
def unit():
    return make_organisation("铁东区工信局", reports_categories=["规上工业"])


@pytest.fixture
def officer(client, unit) -> Caller:
    return officer_of(client, unit)


def officer_of(client, unit, **place) -> Caller:
    return Caller(client, make_account(Role.REGISTER_OFFICER, organisation_id=unit.id, **place))


def made(officer: Caller, **changes) -> dict:
    answer = officer.post("/enterprises", NEW | changes)
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return answer.json


def test_an_enterprise_is_stored_as_the_workbook_would(officer, unit):
    card = made(officer)
    assert card["name"] == "鞍山宏远机械有限公司（东区）"
    assert (card["uscc"], card["uscc_state"]) == (CODE, "valid")
    assert (card["primary_category"], card["categories"]) == ("规上工业", ["规上工业", "其他"])
    assert (card["contact_name"], card["contact_phone"]) == ("赵*", "139****0021")
    assert card["total_investment"] == "1200.00"
    assert card["reporting_organisation_id"] == unit.id
    assert officer.get(f"/enterprises/{card['id']}").json == card


def test_what_the_workbook_refuses_is_refused(officer):
    wrong = {"uscc": CODE[:-1] + "0", "contact_phone": "12345", "area_code": "999999000000"}
    assert places(officer.post("/enterprises", NEW | wrong)) == {
        "/uscc": "uscc",
        "/contact_phone": "phone",
        "/area_code": "foreign-area",
    }
    assert places(officer.post("/enterprises", NEW | {"total_investment": "多"})) == {
        "/total_investment": "amount"
    }


def test_only_a_trader_goes_without_a_code(officer):
    without = {name: value for name, value in NEW.items() if name != "uscc"}
    assert places(officer.post("/enterprises", without)) == {"/uscc": "uscc"}
    answer = officer.post("/enterprises", without | {"name": "老王五金店"})
    assert (answer.status_code, answer.json["uscc_state"]) == (201, "pending")


def test_an_authority_registers_its_own_categories(officer):
    answer = officer.post("/enterprises", NEW | {"categories": ["重点项目", "规上工业"]})
    assert places(answer) == {"/categories": "not-reported"}


def test_an_authority_registers_in_its_own_area(client, unit):
    officer = officer_of(client, unit, area_prefix=COUNTY[:6])
    answer = officer.post("/enterprises", NEW | {"area_code": OTHER_COUNTY})
    assert places(answer) == {"/area_code": "foreign-area"}


def test_a_zone_is_one_that_stands(officer):
    zone = make_area()
    assert made(officer, managing_area_code=zone.code)["managing_area_code"] == zone.code
    answer = officer.post("/enterprises", NEW | {"managing_area_code": COUNTY})
    assert places(answer) == {"/managing_area_code": "unknown-zone"}


def test_an_ended_area_takes_nothing_new(officer):
    ended = make_area("2103Y0000000")
    ended.ended_on = MONDAY.date()
    db.session.flush()
    assert places(officer.post("/enterprises", NEW | {"area_code": ended.code})) == {
        "/area_code": "unknown-area"
    }


def test_what_is_registered_is_not_overwritten(officer):
    other = make_organisation("市工信局")
    make_enterprise(uscc=CODE, reported_by=other)
    problem = refused(officer.post("/enterprises", NEW), 409, "already-exists")
    assert "市工信局" in problem["detail"]


def test_a_correction_keeps_the_rest_and_who_reported(officer, unit):
    other = make_organisation("市工信局")
    enterprise = make_enterprise(categories=("规上工业",), reported_by=other, industry="通用设备")
    before = officer.get(f"/enterprises/{enterprise.id}").json
    answer = officer.patch(
        f"/enterprises/{enterprise.id}", {"contact_name": "钱进", "contact_phone": "13904120022"}
    )
    assert answer.status_code == 200, answer.text
    changed = {"contact_name": "钱*", "contact_phone": "139****0022"}
    assert answer.json == before | changed
    assert answer.json["reporting_organisation_id"] == other.id
    [entry] = db.session.query(AuditEntry).filter_by(action="change_enterprise").all()
    assert entry.facts == {"fields": ["contact_name", "contact_phone"]}


def test_a_new_name_is_found_by_its_words(officer):
    card = made(officer)
    assert officer.patch(f"/enterprises/{card['id']}", {"name": "鞍山远大机械"}).status_code == 200
    stored = db.session.query(Enterprise).filter_by(uscc=CODE).one()
    db.session.refresh(stored)
    assert stored.name_words[0] == "鞍山远大机械"


def test_another_authoritys_enterprise_is_seen_and_left_alone(officer):
    enterprise = make_enterprise(categories=("其他",))
    answer = officer.patch(f"/enterprises/{enterprise.id}", {"remark": "更正"})
    refused(answer, 403)
    refused(officer.patch("/enterprises/999999", {"remark": "更正"}), 404)


def test_a_correction_moves_nothing_out_of_reach(officer):
    card = made(officer)
    path = f"/enterprises/{card['id']}"
    assert places(officer.patch(path, {"categories": ["其他"]})) == {"/categories": "not-reported"}
    assert places(officer.patch(path, {"operating_state": "注销"})) == {
        "/operating_state": "closure"
    }


def test_a_code_belongs_to_one_enterprise(officer):
    make_enterprise(uscc=CODE)
    enterprise = make_enterprise(categories=("规上工业",))
    answer = officer.patch(f"/enterprises/{enterprise.id}", {"uscc": CODE})
    refused(answer, 409, "already-exists")


def test_a_closed_enterprise_is_history(officer):
    enterprise = make_enterprise(categories=("规上工业",), operating_state="注销")
    answer = officer.patch(f"/enterprises/{enterprise.id}", {"remark": "更正"})
    refused(answer, 409, "enterprise-closed")
