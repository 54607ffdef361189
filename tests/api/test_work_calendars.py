"""The system administrator publishes a year's list; deadlines are counted by it from then on."""

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from app import clock
from app.api.schemas.examples import EXAMPLES
from app.api.schemas.work_calendars import EditionBody
from app.db import db
from app.domain.actor import Role
from app.models.audit_entry import AuditEntry
from tests.callers import API, Caller
from tests.domain.calendars import local
from tests.factories import make_account
from tests.problems import places, refused

LIST = dict(EXAMPLES[EditionBody])
SOURCE = LIST["source"]
SUMMER = {
    "area": "210302",
    "from": "06-01",
    "to": "09-30",
    "periods": [{"start": "08:00", "end": "12:00"}, {"start": "14:30", "end": "24:00"}],
}


@pytest.fixture
def admin(client, database) -> Caller:
    """A system administrator."""
    return Caller(client, make_account(Role.SYS_ADMIN))


def published(admin: Caller, body: dict[str, Any]) -> dict[str, Any]:
    answer = admin.post("/work-calendars", body)
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return answer.json


def years(shown: dict[str, Any]) -> dict[int, str]:
    return {row["year"]: row["status"] for row in shown["years"]}


def test_the_next_year_becomes_official_and_one_more_provisional(admin):
    made = published(admin, LIST)
    assert (made["version"], made["source"], made["official_until"]) == (2, SOURCE, 2027)
    assert years(made)[2027] == "official"
    assert years(made)[2028] == "provisional"
    assert admin.get("/work-calendars/2").json == made
    assert years(admin.get("/work-calendars/1").json)[2027] == "provisional", "it never changes"
    listed = admin.get("/work-calendars").json["items"]
    assert [one["version"] for one in listed] == [2, 1]
    days = admin.get("/calendar/days?from=2027-02-11&to=2027-02-20").json
    assert days["calendar_version"] == 2
    assert [day["is_workday"] for day in days["items"]][:2] == [False, True]
    assert days["items"][-1] == days["items"][-1] | {"is_workday": True, "is_provisional": False}


def test_who_published_what_is_in_the_audit(admin):
    published(admin, LIST)
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "publish_work_calendar")
    ).one()
    assert entry.subject == "work_calendar:2"
    assert (entry.facts["source"], entry.facts["year"]) == (SOURCE, 2027)


def test_a_list_is_corrected_by_a_later_version(admin):
    published(admin, LIST)
    again = published(admin, LIST | {"workdays": ["2027-02-21"]})
    assert again["version"] == 3
    assert [row["workdays"] for row in again["years"] if row["year"] == 2027] == [["2027-02-21"]]


def test_hours_by_area_and_season_stand_beside_the_years(admin):
    made = published(admin, {"source": "关于执行夏季作息时间的通知", "hours": [SUMMER]})
    assert made["hours"] == [SUMMER]
    assert years(made)[2027] == "provisional"
    summer = admin.get("/calendar/days?from=2026-06-01&to=2026-06-01&area=210302002000").json
    assert summer["items"][0]["office_hours"] == [
        {"start": "08:00", "end": "12:00"},
        {"start": "14:30", "end": "00:00"},
    ]
    winter = admin.get("/calendar/days?from=2026-10-09&to=2026-10-11&area=210302002000").json
    assert len(winter["items"][0]["office_hours"]) == 2
    assert winter["items"][0]["office_hours"][0]["start"] == "08:30"
    assert winter["items"][2]["office_hours"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"source": ""}, "/source"),
        ({"year": 2030}, "/year"),
        ({"year": 2023}, "/year"),
        ({"holidays": ["2027-02-30"]}, "/holidays/0"),
        ({"holidays": ["2027-01-01", "2028-01-01"]}, "/holidays/1"),
        ({"holidays": ["2027-01-03..2027-01-01"]}, "/holidays/0"),
        ({"workdays": ["2027-02-22"]}, "/workdays/0"),
        ({"workdays": ["2027-01-02"]}, "/holidays"),
        ({"periods": [{"start": "12:00", "end": "08:30"}]}, "/periods"),
        ({"hours": [SUMMER | {"area": "2"}]}, "/hours/0/area"),
        ({"hours": [SUMMER | {"area": "210"}]}, "/hours"),
        ({"hours": [SUMMER | {"area": "9999"}]}, "/hours/0/area"),
        ({"hours": [SUMMER | {"from": "02-30"}]}, "/hours"),
        ({"hours": [SUMMER, SUMMER | {"from": "09-01", "to": "12-31"}]}, "/hours"),
    ],
)
def test_a_faulty_edition_is_refused_and_nothing_is_published(admin, change, pointer):
    assert pointer in places(admin.post("/work-calendars", LIST | change))
    assert len(admin.get("/work-calendars").json["items"]) == 1


def test_an_edition_brings_something(admin):
    assert places(admin.post("/work-calendars", {"source": SOURCE})) == {"/year": "required"}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SUPERVISOR, Role.SEC_ADMIN])
def test_nobody_else_publishes(client, database, role):
    caller = Caller(client, make_account(role))
    refused(caller.post("/work-calendars", LIST), 403, "forbidden")
    assert caller.get("/work-calendars").json["items"]


@pytest.mark.parametrize(
    ("at", "missing"),
    [("2026-11-30 23:59", None), ("2026-12-01 00:00", 2027), ("2027-01-01 00:00", None)],
)
def test_from_december_on_the_missing_year_is_named(admin, at, missing):
    with clock.frozen(local(at)):
        caller = Caller(admin.client, make_account(Role.COORDINATOR))
        assert caller.get("/work-calendars").json["items"][0]["missing_year"] == missing


def test_a_year_that_is_there_is_not_missing(admin):
    published(admin, LIST)
    with clock.frozen(local("2026-12-01 00:00")):
        caller = Caller(admin.client, make_account(Role.COORDINATOR))
        assert caller.get("/work-calendars").json["items"][0]["missing_year"] is None


def workbook(*rows: tuple[Any, Any]) -> BytesIO:
    book = Workbook()
    book.active.append(["日期", "安排"])
    for row in rows:
        book.active.append(list(row))
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def sent(admin: Caller, file: BytesIO, name: str = "2027.xlsx") -> Any:
    form = {"workbook": (file, name), "year": "2027", "source": SOURCE}
    return admin.client.post(f"{API}/work-calendars/workbook", data=form, headers=admin.headers())


def test_a_workbook_is_the_same_list(admin):
    rows = [
        ("2027-01-01", "放假"),
        ("2027/1/2", "放假"),
        (local("2027-02-20 00:00").date(), "上班"),
    ]
    answer = sent(admin, workbook(*rows))
    assert answer.status_code == 201, answer.text
    [year] = [row for row in answer.json["years"] if row["year"] == 2027]
    assert year["holidays"] == ["2027-01-01", "2027-01-02"]
    assert year["workdays"] == ["2027-02-20"]


@pytest.mark.parametrize(
    "row", [("2027-01-01", "休息"), ("元旦", "放假"), ("=TODAY()", "放假"), ("", "放假")]
)
def test_one_bad_line_refuses_the_workbook_and_is_named(admin, row):
    answer = sent(admin, workbook(("2027-01-01", "放假"), row))
    assert places(answer) == {"/workbook": "bad-row"}
    assert "第 3 行" in answer.text


def test_a_workbook_without_holidays_or_of_another_kind_is_refused(admin):
    assert places(sent(admin, workbook(("2027-02-20", "上班")))) == {"/workbook": "no-rows"}
    assert sent(admin, BytesIO(b"PK nothing")).status_code == 422
