"""GET /enterprises: what each may see of the register, and how it is searched."""

from urllib.parse import quote

import pytest

from app.domain.actor import Role
from tests.callers import Caller
from tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    make_account,
    make_area,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_pairing,
)

ELSEWHERE = "210303002000"


@pytest.fixture
def coordinator(client) -> Caller:
    """Somebody who sees 铁东区 and nothing else."""
    return Caller(client, make_account(Role.COORDINATOR, area_prefix="210302"))


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json["items"]]


def test_personal_data_is_masked(coordinator):
    made = make_enterprise(
        contact_name="赵小联", contact_phone="13812341234", legal_person="欧阳法定"
    )
    shown = coordinator.get(f"/enterprises/{made.id}").json
    assert shown["contact_name"] == "赵**"
    assert shown["contact_phone"] == "138****1234"
    assert shown["legal_person"] == "欧***"
    [listed] = coordinator.get("/enterprises", query_string={"q": made.name}).json["items"]
    assert (listed["contact_name"], listed["contact_phone"]) == ("赵**", "138****1234")
    assert "13812341234" not in str(listed) + str(shown)


def test_the_card_tells_what_the_register_says(coordinator):
    authority = make_organisation("鞍山市某局")
    made = make_enterprise(
        reported_by=authority,
        categories=("重点项目", "规上工业"),
        total_investment="157802.5",
        project_name="年产3万吨项目",
    )
    shown = coordinator.get(f"/enterprises/{made.id}").json
    assert shown["primary_category"] == "重点项目"
    assert shown["categories"] == ["重点项目", "规上工业"]
    assert shown["total_investment"] == "157802.50"
    assert shown["reporting_organisation_name"] == "鞍山市某局"
    assert shown["area_name"] == "解放街道"
    assert shown["managing_area_code"] is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda made: made.name[2:],
        lambda made: made.uscc,
        lambda made: f" {made.uscc.lower()} ",
        lambda _: "5432",
    ],
    ids=["part of the name", "code", "code in small letters", "tail"],
)
def test_an_enterprise_is_found_by(coordinator, ask):
    made = make_enterprise("鞍山市铁东恒嘉电子有限公司", contact_phone="13998765432")
    make_enterprise("鞍山市铁东别家公司", contact_phone="13998765433")
    assert ids(coordinator.get("/enterprises", query_string={"q": ask(made)})) == [made.id]


@pytest.mark.parametrize("q", ["9876", "1399876", "没有这家", "%", "_"])
def test_nothing_else_finds_it(coordinator, q):
    make_enterprise("鞍山市铁东恒嘉电子有限公司", contact_phone="13998765432")
    assert ids(coordinator.get("/enterprises", query_string={"q": q})) == []


def test_the_category_is_any_of_its_categories(coordinator):
    both = make_enterprise(categories=("重点项目", "规上工业"))
    make_enterprise(categories=("其他",))
    asked = {"category": "规上工业"}
    assert ids(coordinator.get("/enterprises", query_string=asked)) == [both.id]


def test_a_place_holds_all_below_it_and_what_it_manages(client):
    city = Caller(client, make_account(Role.SUPERVISOR, area_prefix="2103"))
    zone = make_area("2103Z0000000")
    here, there = make_enterprise(), make_enterprise(area_code=ELSEWHERE)
    managed = make_enterprise(managing_area_code=zone.code)
    assert ids(city.get("/enterprises", query_string={"area": COUNTY})) == [here.id]
    assert ids(city.get("/enterprises", query_string={"area": OTHER_COUNTY})) == [there.id]
    assert ids(city.get("/enterprises", query_string={"area": zone.code})) == [managed.id]
    assert ids(city.get("/enterprises")) == [here.id, there.id, managed.id]


def test_pages_follow_each_other(coordinator):
    made = [make_enterprise().id for _ in range(5)]
    first = coordinator.get("/enterprises?limit=3")
    second = coordinator.get(f"/enterprises?limit=3&cursor={first.json['next_cursor']}")
    assert ids(first) + ids(second) == made
    assert second.json["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("cursor=x", "/cursor"),
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=many", "/limit"),
        ("area=210302", "/area"),
        ("area=219999999999", "/area"),
        ("category=nothing", "/category"),
        ("q=", "/q"),
        ("q=" + quote("长" * 61), "/q"),
        ("sort=name", "/sort"),
    ],
)
def test_a_wrong_question_names_its_fault(coordinator, query, pointer):
    answer = coordinator.get(f"/enterprises?{query}")
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize("page", ["", "/pairings"])
def test_what_is_elsewhere_is_not_there(coordinator, page):
    foreign = make_enterprise(area_code=ELSEWHERE)
    assert coordinator.get(f"/enterprises/{foreign.id}{page}").status_code == 404
    assert coordinator.get(f"/enterprises/{foreign.id + 1000}{page}").status_code == 404


def test_an_enterprise_sees_itself_without_the_note_of_the_authority(client, coordinator):
    own = make_enterprise(remark="重点关注")
    other = make_enterprise()
    staff = Caller(client, make_account(Role.ENTERPRISE_STAFF, enterprise_id=own.id))
    assert ids(staff.get("/enterprises")) == [own.id]
    assert staff.get(f"/enterprises/{own.id}").json["remark"] is None
    assert coordinator.get(f"/enterprises/{own.id}").json["remark"] == "重点关注"
    assert staff.get(f"/enterprises/{other.id}").status_code == 404


def test_a_housekeeper_sees_the_own_enterprises(client):
    paired, proposed, ended, _ = (make_enterprise() for _ in range(4))
    housekeeper, successor = make_housekeeper(), make_housekeeper()
    make_pairing(paired, housekeeper)
    make_pairing(proposed, housekeeper, is_active=False)
    make_pairing(ended, housekeeper)
    make_pairing(ended, successor)
    caller = Caller(client, make_account(Role.HOUSEKEEPER, housekeeper_id=housekeeper.id))
    assert ids(caller.get("/enterprises")) == [paired.id]
    deputy = Caller(client, make_account(Role.DEPUTY_HOUSEKEEPER, housekeeper_id=housekeeper.id))
    assert ids(deputy.get("/enterprises")) == []


def test_the_history_of_pairings_stays_readable(client, coordinator):
    enterprise = make_enterprise()
    first, second = make_housekeeper("前任"), make_housekeeper("现任")
    make_pairing(enterprise, first)
    make_pairing(enterprise, second)
    make_pairing(enterprise, make_housekeeper("候任"), is_active=False)
    shown = coordinator.get(f"/enterprises/{enterprise.id}/pairings").json["items"]
    assert [(one["housekeeper_name"], one["state"]) for one in shown] == [
        ("候任", "proposed"),
        ("现任", "active"),
        ("前任", "ended"),
    ]
    staff = Caller(client, make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id))
    told = staff.get(f"/enterprises/{enterprise.id}/pairings").json["items"]
    assert [one["housekeeper_name"] for one in told] == ["现任", "前任"]


def test_handlers_do_not_read_the_register(client):
    handler = Caller(client, make_account(Role.HANDLER))
    assert handler.get("/enterprises").status_code == 403
