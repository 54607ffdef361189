"""POST /pairing-proposals: by grid and by authority, least loaded first, twice as once."""

from datetime import datetime

import pytest

from app import clock
from app.clock import LOCAL_ZONE
from app.db import db
from app.domain.actor import Role
from app.domain.pairing_choice import Candidate, Choice, choose
from app.models.pairing import Pairing
from tests.callers import Caller
from tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    TOWN,
    make_account,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_pairing,
)

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=LOCAL_ZONE)
OTHERS = {"area": COUNTY, "category": "其他"}
KEY = {"area": COUNTY, "category": "重点项目"}


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def coordinator(client) -> Caller:
    return Caller(client, make_account(Role.COORDINATOR, area_prefix="210302"))


def run(caller: Caller, body, **more):
    answer = caller.post("/pairing-proposals", body | more)
    assert answer.status_code == 200, answer.text
    return answer.json


def pairs(result) -> dict[int, int]:
    return {one["enterprise_id"]: one["housekeeper_id"] for one in result["proposed"]}


def test_the_nearest_then_the_least_loaded_then_the_first():
    grid, town = Candidate(7, 12), Candidate(3, 9)
    assert choose([(1, [town, grid])], {7: 40}) == {1: Choice(7, 40, 1)}
    level = [Candidate(4, 9), Candidate(2, 9)]
    assert choose([(1, level), (2, level), (3, level)], {}) == {
        1: Choice(2, 0, 1),
        2: Choice(4, 0, 1),
        3: Choice(2, 1, 1),
    }
    assert choose([(1, [])], {}) == {}


def test_others_go_to_the_grid_and_are_spread_evenly(coordinator):
    busy = make_housekeeper(grade="乡镇街道")
    make_pairing(make_enterprise(), busy)
    idle = make_housekeeper(grade="乡镇街道")
    make_housekeeper(grade="部门")
    make_housekeeper(grade="乡镇街道", duty_state="离岗")
    make_housekeeper(grade="社区网格", area_code="210302003000")
    first, second, third = (make_enterprise() for _ in range(3))
    result = run(coordinator, OTHERS)
    assert pairs(result) == {first.id: idle.id, second.id: busy.id, third.id: idle.id}
    assert (result["left"], result["next_after"], result["without_candidate"]) == (0, None, [])
    grounds = result["proposed"][1]["grounds"]
    assert (grounds["rule"], grounds["carried"], grounds["alternatives"]) == ("grid", 1, 1)
    stored = db.session.query(Pairing).filter_by(enterprise_id=second.id).one()
    assert coordinator.get(f"/pairings/{stored.id}").json["grounds"] == grounds
    assert (stored.state, stored.proposed_by) == ("proposed", coordinator.person.account.id)


def test_a_grid_comes_before_its_town(coordinator):
    make_housekeeper(grade="乡镇街道")
    village = "210302002001"
    near = make_housekeeper(grade="社区网格", area_code=village)
    enterprise = make_enterprise(area_code=village)
    assert pairs(run(coordinator, OTHERS)) == {enterprise.id: near.id}


def test_the_same_run_twice_changes_nothing(coordinator):
    make_housekeeper(grade="乡镇街道")
    make_enterprise()
    assert len(run(coordinator, OTHERS)["proposed"]) == 1
    assert run(coordinator, OTHERS)["proposed"] == []


def test_a_dry_run_only_looks(coordinator):
    make_housekeeper(grade="乡镇街道")
    make_enterprise()
    looked = run(coordinator, OTHERS, dry_run=True)
    assert db.session.query(Pairing).count() == 0
    assert run(coordinator, OTHERS) == looked


def test_what_people_decided_is_left_alone(coordinator):
    only = make_housekeeper(grade="乡镇街道")
    declined, proposed = make_enterprise(), make_enterprise()
    make_pairing(proposed, make_housekeeper(), is_active=False)
    made = run(coordinator, OTHERS)
    assert pairs(made) == {declined.id: only.id}
    stored = db.session.query(Pairing).filter_by(enterprise_id=declined.id).one()
    path = f"/pairings/{stored.id}/refusal"
    assert coordinator.post(path, {"note": "人手不足"}).status_code == 200
    again = run(coordinator, OTHERS)
    assert (again["proposed"], again["without_candidate"]) == ([], [declined.id])


def test_who_has_to_keep_away_is_not_proposed(coordinator):
    apart, free = make_housekeeper(grade="乡镇街道"), make_housekeeper(grade="乡镇街道")
    enterprise = make_enterprise()
    body = {"enterprise_id": enterprise.id, "organisation_id": apart.organisation_id}
    assert coordinator.post("/recusals", body).status_code == 201
    assert pairs(run(coordinator, OTHERS)) == {enterprise.id: free.id}


def test_key_projects_go_to_the_unit_that_reports_them(coordinator):
    authority = make_organisation(reports_categories=["重点项目"])
    elsewhere = make_organisation(reports_categories=["重点项目"], area_code=OTHER_COUNTY)
    official = make_housekeeper(organisation=authority, area_code=COUNTY)
    make_housekeeper(organisation=elsewhere)
    make_housekeeper(grade="乡镇街道", area_code=TOWN)
    enterprise = make_enterprise(categories=("重点项目",))
    result = run(coordinator, KEY)
    assert pairs(result) == {enterprise.id: official.id}
    assert result["proposed"][0]["grounds"]["rule"] == "authority"


def test_a_run_is_bounded_and_says_where_to_go_on(coordinator):
    make_housekeeper(grade="乡镇街道")
    made = [make_enterprise().id for _ in range(3)]
    first = run(coordinator, OTHERS, limit=2)
    assert (list(pairs(first)), first["left"], first["next_after"]) == (made[:2], 1, made[1])
    second = run(coordinator, OTHERS, limit=2, after=first["next_after"])
    assert (list(pairs(second)), second["left"]) == (made[2:], 0)
    over = coordinator.post("/pairing-proposals", OTHERS | {"limit": 1001})
    assert over.status_code == 422


def test_only_the_own_area_and_category_is_filled(client):
    make_housekeeper(grade="乡镇街道", area_code="210303002000")
    make_enterprise(area_code="210303002000")
    coordinator = Caller(client, make_account(Role.COORDINATOR, area_prefix="210302"))
    city = {"area": "210300000000", "category": "其他"}
    assert run(coordinator, city)["proposed"] == []
    unit = make_organisation(reports_categories=["规上工业"])
    officer = Caller(client, make_account(Role.REGISTER_OFFICER, organisation_id=unit.id))
    assert officer.post("/pairing-proposals", OTHERS).json["title"] == "not-in-charge"
