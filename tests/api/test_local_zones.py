"""POST /areas: zones without a national code, and who sees the enterprises that they manage."""

import pytest

from app.domain.actor import Role
from tests.callers import Caller
from tests.factories import CITY, COUNTY, TOWN, make_account, make_enterprise
from tests.problems import places, refused

ZONE = {"name": "鞍山经济开发区", "parent_code": CITY}


@pytest.fixture
def admin(client) -> Caller:
    return Caller(client, make_account(Role.SYS_ADMIN))


def test_a_zone_gets_a_code_of_its_parents_prefix(admin):
    zone = admin.post("/areas", ZONE).json
    assert zone["code"][:4] == "2103"
    assert zone["code"][4].isalpha()
    assert (zone["level"], zone["is_local"]) == ("county", True)
    below = admin.post("/areas", {"name": "园中园", "parent_code": zone["code"]}).json
    assert below["code"].startswith(zone["code"][:6])
    assert below["level"] == "town"
    listed = admin.get(f"/areas?parent={CITY}&limit=100").json["items"]
    assert zone["code"] in {area["code"] for area in listed}


def test_no_code_is_given_twice(admin):
    made = [admin.post("/areas", ZONE | {"name": f"开发区{n}"}).json["code"] for n in range(12)]
    assert len(set(made)) == len(made)


def test_zones_are_told_apart_by_name(admin):
    admin.post("/areas", ZONE)
    refused(admin.post("/areas", ZONE), 409, "already-exists")


def test_a_zone_lies_in_an_area_above_it(admin):
    assert places(admin.post("/areas", ZONE | {"parent_code": "999999000000"})) == {
        "/parent_code": "unknown-area"
    }
    assert places(admin.post("/areas", ZONE | {"level": "city"})) == {"/level": "level"}


def test_the_zone_sees_what_it_manages_and_the_county_does_not(client, admin):
    zone = admin.post("/areas", ZONE).json["code"]
    managed = make_enterprise(area_code=TOWN, managing_area_code=zone)
    of_zone = Caller(client, make_account(Role.SUPERVISOR, area_prefix=zone[:6]))
    of_county = Caller(client, make_account(Role.SUPERVISOR, area_prefix=COUNTY[:6]))
    of_city = Caller(client, make_account(Role.SUPERVISOR, area_prefix=CITY[:4]))
    path = f"/enterprises/{managed.id}"
    answers = [who.get(path).status_code for who in (of_zone, of_county, of_city)]
    assert answers == [200, 404, 200]
