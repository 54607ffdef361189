"""GET /housekeepers: the roster of the own area, and what each carries."""

import pytest

from app.db import db
from app.domain.actor import Role
from app.domain.vocabulary import Status
from app.models.pairing import PairingLimit
from tests.callers import Caller
from tests.factories import (
    OTHER_COUNTY,
    make_account,
    make_cast,
    make_enterprise,
    make_housekeeper,
    make_pairing,
    make_ticket,
)

ELSEWHERE = "210303002000"


@pytest.fixture
def coordinator(client) -> Caller:
    """Somebody who sees 铁东区 and nothing else."""
    return Caller(client, make_account(Role.COORDINATOR, area_prefix="210302"))


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json["items"]]


def test_the_mobile_number_is_masked_and_the_office_number_is_not(coordinator):
    made = make_housekeeper("李鹏", phone="13812341234", office_phone="0412-4610033")
    shown = coordinator.get(f"/housekeepers/{made.id}").json
    assert shown["phone"] == "138****1234"
    assert shown["office_phone"] == "0412-4610033"
    assert shown["area_name"] == "解放街道"
    assert "13812341234" not in str(coordinator.get("/housekeepers").json)


@pytest.mark.parametrize("q", ["李", "李鹏", "5678"])
def test_a_housekeeper_is_found_by_name_or_phone(coordinator, q):
    made = make_housekeeper("李鹏", phone="13812345678")
    make_housekeeper("王华", phone="13812345679")
    assert ids(coordinator.get("/housekeepers", query_string={"q": q})) == [made.id]


def test_those_of_other_areas_do_not_exist(client, coordinator):
    here, there = make_housekeeper(), make_housekeeper(area_code=ELSEWHERE)
    assert ids(coordinator.get("/housekeepers")) == [here.id]
    for path in (f"/housekeepers/{there.id}", f"/housekeepers/{there.id}/load"):
        assert coordinator.get(path).status_code == 404
    city = Caller(client, make_account(Role.SUPERVISOR, area_prefix="2103"))
    assert ids(city.get("/housekeepers")) == [here.id, there.id]
    assert ids(city.get("/housekeepers", query_string={"area": OTHER_COUNTY})) == [there.id]


def test_the_load_counts_what_stands_and_what_is_open(coordinator):
    cast = make_cast()
    housekeeper = cast.housekeeper_row
    make_pairing(make_enterprise(), housekeeper)
    make_pairing(make_enterprise(), housekeeper, is_active=False)
    make_pairing(make_enterprise(), housekeeper, role="deputy")
    for status in (Status.SUBMITTED, Status.HANDLING, Status.ARCHIVED, Status.WITHDRAWN):
        make_ticket(status, cast)
    assert coordinator.get(f"/housekeepers/{housekeeper.id}/load").json == {
        "housekeeper_id": housekeeper.id,
        "lead_pairings": 2,
        "key_pairings": 0,
        "other_pairings": 2,
        "deputy_pairings": 1,
        "waiting_pairings": 1,
        "open_tickets": 2,
        "key_limit": 10,
        "other_limit": 50,
        "is_key_limit_exceeded": False,
        "is_other_limit_exceeded": False,
        "warnings": [],
    }


def test_each_kind_has_its_limit_and_tells_when_it_is_exceeded(coordinator):
    """At the limit is not beyond it; what stands as a deputy counts towards neither."""
    housekeeper = make_housekeeper()
    for kind, amount in (("key", 1), ("other", 2)):
        wanted = {"grade": None, "kind": kind}
        db.session.query(PairingLimit).filter_by(**wanted).update({"amount": amount})
    for category in ("重点项目", "重点项目", "其他", "规上工业"):
        make_pairing(make_enterprise(categories=(category,)), housekeeper)
    make_pairing(make_enterprise(), housekeeper, role="deputy")
    load = coordinator.get(f"/housekeepers/{housekeeper.id}/load").json
    assert (load["key_pairings"], load["key_limit"], load["is_key_limit_exceeded"]) == (2, 1, True)
    other = ("other_pairings", "other_limit", "is_other_limit_exceeded")
    assert [load[name] for name in other] == [2, 2, False]
    assert load["warnings"] == ["对接的重点项目已达 2 家，建议不超过 1 家。"]


def test_who_carries_nothing_has_a_load_of_nothing(coordinator):
    idle = make_housekeeper()
    load = coordinator.get(f"/housekeepers/{idle.id}/load").json
    assert [load[key] for key in ("lead_pairings", "deputy_pairings", "open_tickets")] == [0, 0, 0]


@pytest.mark.parametrize("role", [Role.ENTERPRISE_ADMIN, Role.HOUSEKEEPER, Role.HANDLER])
def test_the_roster_is_not_for_everybody(client, role):
    caller = Caller(client, make_account(role))
    assert caller.get("/housekeepers").status_code == 403
