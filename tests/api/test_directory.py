"""GET /areas, /categories, /organisations, /calendar/days: reference for everybody logged in."""

import pytest

from app.domain.actor import Role
from tests.callers import API, Caller
from tests.factories import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    make_account,
    make_area,
    make_organisation,
)

REFERENCE = [
    "/areas",
    "/categories",
    "/organisations",
    "/calendar/days?from=2026-02-13&to=2026-02-14",
]


@pytest.fixture
def caller(client) -> Caller:
    """Somebody without any right but to read what is common."""
    return Caller(client, make_account(Role.ENTERPRISE_STAFF))


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json["items"]]


@pytest.mark.parametrize("path", REFERENCE)
def test_reference_is_for_people_who_are_logged_in(client, path):
    assert client.get(API + path).status_code == 401


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_reference_is_for_every_role(client, role):
    caller = Caller(client, make_account(role))
    assert {caller.get(path).status_code for path in REFERENCE} == {200}


def test_the_tree_begins_with_the_provinces(caller):
    provinces = caller.get("/areas?limit=100").json["items"]
    assert len(provinces) == 31
    assert {area["level"] for area in provinces} == {"province"}
    liaoning = next(area for area in provinces if area["code"] == "210000000000")
    assert liaoning["name"] == "辽宁省"
    assert liaoning["has_children"]
    assert liaoning["parent_code"] is None


def test_a_zone_stands_among_the_counties_of_its_city(caller):
    make_area("2103Z0000000", name="鞍山高新区")
    children = caller.get(f"/areas?parent={CITY}&limit=100").json["items"]
    [zone] = [area for area in children if area["is_local"]]
    assert (zone["name"], zone["has_children"]) == ("鞍山高新区", False)
    assert "铁东区" in [area["name"] for area in children]


def test_pages_of_areas_follow_the_codes(caller):
    first = caller.get(f"/areas?parent={CITY}&limit=4").json
    second = caller.get(f"/areas?parent={CITY}&limit=4&cursor={first['next_cursor']}").json
    whole = caller.get(f"/areas?parent={CITY}&limit=100").json
    assert (first["items"] + second["items"])[:7] == whole["items"][:7]


@pytest.mark.parametrize("parent", ["x", "2103", "210399999999", "2103z0000000", "21030000000O"])
def test_an_unknown_parent_is_refused(caller, parent):
    answer = caller.get(f"/areas?parent={parent}")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/parent")


def test_there_are_twelve_categories_in_their_order(caller):
    listed = names(caller.get("/categories"))
    assert len(listed) == 12
    assert (listed[0], listed[-1]) == ("政策咨询", "其他")


def test_units_are_found_by_name_place_and_kind(caller):
    make_organisation("铁东区税务局", kind="vertical")
    make_organisation("铁西区税务局", kind="vertical", area_code=OTHER_COUNTY)
    make_organisation("铁东区教育局", kind="department")
    asked = {"q": "税务"}
    assert set(names(caller.get("/organisations", query_string=asked))) == {
        "铁东区税务局",
        "铁西区税务局",
    }
    assert names(caller.get(f"/organisations?area={COUNTY}&kind=vertical")) == ["铁东区税务局"]
    assert names(caller.get(f"/organisations?area={OTHER_COUNTY}")) == ["铁西区税务局"]


def test_one_unit(caller):
    made = make_organisation("市发展改革委", reports_categories=["重点项目"], office_phone="0412-1")
    shown = caller.get(f"/organisations/{made.id}").json
    assert shown["name"] == "市发展改革委"
    assert shown["reports_categories"] == ["重点项目"]
    assert shown["area_name"] == "铁东区"
    assert caller.get(f"/organisations/{made.id + 1000}").status_code == 404


@pytest.mark.parametrize("query", ["kind=king", "area=21", "q=", "name=x", "limit=1000"])
def test_a_wrong_question_about_units_is_refused(caller, query):
    assert caller.get(f"/organisations?{query}").status_code == 422


def test_moved_workdays_and_holidays_are_told(caller):
    found = caller.get("/calendar/days?from=2026-02-13&to=2026-02-16").json
    assert {day["day"]: day["is_workday"] for day in found["items"]} == {
        "2026-02-13": True,
        "2026-02-14": True,
        "2026-02-15": False,
        "2026-02-16": False,
    }
    assert all(bool(day["office_hours"]) is day["is_workday"] for day in found["items"])
    assert not any(day["is_provisional"] for day in found["items"])
    assert found["office_hours"][0] == {"start": "08:30", "end": "12:00"}


def test_a_year_without_an_official_list_is_provisional(caller):
    [day] = caller.get("/calendar/days?from=2027-03-01&to=2027-03-01").json["items"]
    assert day["is_provisional"]


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-01-01",
        "from=2026-01-02&to=2026-01-01",
        "from=2025-01-01&to=2026-01-02",
        "from=yesterday&to=2026-01-01",
        "from=2026-01-01&to=2026-01-02&days=3",
    ],
)
def test_a_wrong_stretch_of_days_is_refused(caller, query):
    assert caller.get(f"/calendar/days?{query}").status_code == 422


def test_a_year_without_calendar_is_refused(caller):
    answer = caller.get("/calendar/days?from=2035-01-01&to=2035-01-02")
    assert (answer.status_code, answer.json["title"]) == (409, "unknown-calendar-year")
