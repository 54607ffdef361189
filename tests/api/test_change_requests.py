"""An enterprise asks for another housekeeper, once a quarter; coverage counts who has one."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.clock import LOCAL_ZONE
from app.db import db
from app.domain.actor import Role
from services.pairing.change_requests import quarter_of, request_change
from tests.callers import Caller
from tests.factories import (
    OTHER_COUNTY,
    make_account,
    make_enterprise,
    make_housekeeper,
    make_pairing,
)

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=LOCAL_ZONE)


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def coordinator(client) -> Caller:
    return Caller(client, make_account(Role.COORDINATOR, area_prefix="210302"))


@pytest.fixture
def applicant(client) -> Caller:
    return Caller(client, make_account(Role.ENTERPRISE_ADMIN))


def ask(caller: Caller):
    enterprise_id = caller.person.membership.enterprise_id
    return caller.post(f"/enterprises/{enterprise_id}/housekeeper-change-requests")


@pytest.mark.parametrize(
    ("day", "quarter"),
    [("2026-01-01", "2026Q1"), ("2026-06-30", "2026Q2"), ("2026-12-31", "2026Q4")],
)
def test_a_quarter_is_local(day, quarter):
    assert quarter_of(datetime.fromisoformat(f"{day}T00:00:00+08:00")) == quarter


def test_once_a_quarter_and_no_reason_is_asked_for(applicant):
    assert ask(applicant).status_code == 201
    assert ask(applicant).json["title"] == "asked-this-quarter"
    who = applicant.person
    later = NOW + timedelta(days=30)
    again = request_change(who.actor, who.membership.enterprise_id, None, at=later)
    assert again.quarter == "2026Q3"


def test_only_the_own_enterprise_and_only_its_administrator_asks(client, applicant):
    foreign = make_enterprise().id
    path = f"/enterprises/{foreign}/housekeeper-change-requests"
    assert applicant.post(path).status_code == 404
    staff = Caller(client, make_account(Role.ENTERPRISE_STAFF, enterprise_id=foreign))
    assert staff.post(path).status_code == 403


def test_it_is_answered_by_a_proposal(coordinator, applicant):
    made, other = ask(applicant).json, make_housekeeper()
    path = f"/housekeeper-change-requests/{made['id']}"
    listed = coordinator.get("/housekeeper-change-requests?state=open").json["items"]
    assert [one["id"] for one in listed] == [made["id"]]
    settled = coordinator.post(f"{path}/settlement", {"housekeeper_id": other.id})
    assert settled.json["state"] == "granted"
    proposed = coordinator.get(f"/pairings/{settled.json['pairing_id']}").json
    assert (proposed["housekeeper_id"], proposed["state"]) == (other.id, "proposed")
    assert proposed["grounds"]["rule"] == "request"
    assert applicant.get(path).json["state"] == "granted"
    again = coordinator.post(f"{path}/settlement", {"explanation": "已答复"})
    assert (again.status_code, again.json["title"]) == (409, "request-settled")


def test_or_declined_with_an_explanation_and_never_without(coordinator, applicant):
    path = f"/housekeeper-change-requests/{ask(applicant).json['id']}"
    assert coordinator.post(f"{path}/settlement").status_code == 422
    settled = coordinator.post(f"{path}/settlement", {"explanation": "辖区暂无其他人选"})
    assert settled.json["state"] == "declined"
    assert applicant.get(path).json["explanation"] == "辖区暂无其他人选"
    assert applicant.post(f"{path}/settlement", {"explanation": "不"}).status_code == 403


def test_requests_of_other_areas_are_not_there(client, coordinator):
    foreign = make_enterprise(area_code=OTHER_COUNTY)
    caller = Caller(client, make_account(Role.ENTERPRISE_ADMIN, enterprise_id=foreign.id))
    made = ask(caller).json
    path = f"/housekeeper-change-requests/{made['id']}"
    assert coordinator.get(path).status_code == 404
    answer = coordinator.post(f"{path}/settlement", {"explanation": "不归本区"})
    assert answer.status_code == 404


def counts(line) -> tuple[int, int, int]:
    return line["registered"], line["covered"], line["actively_covered"]


def test_coverage_counts_who_has_a_housekeeper_and_who_can_be_reached(client, coordinator):
    reached, stale, deputy_only, proposed = (make_enterprise() for _ in range(4))
    make_enterprise(operating_state="注销")
    key = make_enterprise(categories=("重点项目",))
    elsewhere = make_enterprise(area_code=OTHER_COUNTY)
    for one in (reached, stale, key, elsewhere):
        make_pairing(one)
    make_pairing(deputy_only, role="deputy")
    make_pairing(proposed, is_active=False)
    reached.contact_verified_at = NOW - timedelta(days=364)
    stale.contact_verified_at = NOW - timedelta(days=366)
    proposed.contact_verified_at = NOW
    db.session.flush()
    report = coordinator.get("/reports/coverage?group_by=category").json
    lines = {line["key"]: line for line in report["groups"]}
    assert counts(lines["其他"]) == (4, 2, 1)
    assert counts(lines["重点项目"]) == (1, 1, 0)
    assert counts(report["totals"]) == (5, 3, 1)
    assert lines["其他"]["coverage_rate"] == 0.5
    assert lines["其他"]["active_coverage_rate"] == 0.25
    city = Caller(client, make_account(Role.SUPERVISOR, area_prefix="2103"))
    areas = {line["name"]: counts(line) for line in city.get("/reports/coverage").json["groups"]}
    assert areas == {"铁东区": (5, 3, 1), "铁西区": (1, 1, 0)}


def test_nothing_registered_has_no_rate(coordinator):
    totals = coordinator.get("/reports/coverage").json["totals"]
    assert counts(totals) == (0, 0, 0)
    assert (totals["coverage_rate"], totals["active_coverage_rate"]) == (None, None)


def test_a_wish_is_read_by_its_author_and_by_who_decides(client, applicant, coordinator):
    who = applicant.person
    request_change(who.actor, who.membership.enterprise_id, "希望离厂区近一些", at=NOW)
    seat = {"enterprise_id": who.membership.enterprise_id}
    colleague = Caller(client, make_account(Role.ENTERPRISE_STAFF, **seat))

    def wish(caller):
        [item] = caller.get("/housekeeper-change-requests").json["items"]
        return item["wish"]

    assert wish(applicant) == wish(coordinator) == "希望离厂区近一些"
    assert wish(colleague) is None
