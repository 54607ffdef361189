"""/pairings: proposed, confirmed by the unit, begun, ended; who answered on which day."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.clock import LOCAL_ZONE
from app.db import db
from app.domain.actor import Role
from app.models.notification import Notification
from app.models.pairing import PairingLimit, Recusal
from services.pairing.load import load_of
from tests.callers import Caller
from tests.factories import (
    OTHER_COUNTY,
    make_account,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_pairing,
)
from tests.problems import refused

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=LOCAL_ZONE)


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def coordinator(client) -> Caller:
    return Caller(client, make_account(Role.COORDINATOR, area_prefix="210302", name="周敏"))


def approver_of(client, housekeeper) -> Caller:
    unit = housekeeper.organisation_id
    return Caller(client, make_account(Role.UNIT_APPROVER, organisation_id=unit))


def propose(caller: Caller, enterprise, housekeeper, **more):
    ids = {"enterprise_id": enterprise.id, "housekeeper_id": housekeeper.id}
    return caller.post("/pairings", ids | more)


def told_of(person) -> list[str]:
    query = db.session.query(Notification).filter_by(account_id=person.account.id)
    return [one.kind for one in query]


def pointers(answer) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error["pointer"] for error in answer.json["errors"]]


def test_the_unit_confirms_and_the_vacant_place_is_filled(client, coordinator):
    enterprise, housekeeper = make_enterprise(), make_housekeeper()
    applicant = make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id)
    owner = make_account(Role.HOUSEKEEPER, housekeeper_id=housekeeper.id)
    proposed = propose(coordinator, enterprise, housekeeper, note="就近")
    assert proposed.status_code == 201, proposed.text
    assert proposed.json["state"] == "proposed"
    assert proposed.json["grounds"]["note"] == "就近"
    assert proposed.json["proposed_by"] == "周敏"
    assert told_of(applicant) == []
    path = f"/pairings/{proposed.json['id']}"
    unit = approver_of(client, housekeeper)
    confirmed = unit.post(f"{path}/confirmation")
    assert confirmed.status_code == 200, confirmed.text
    assert (confirmed.json["state"], confirmed.json["warnings"]) == ("active", [])
    assert confirmed.json["confirmed_by"] == unit.person.account.name
    assert told_of(applicant) == told_of(owner) == ["housekeeper_changed"]
    assert unit.post(f"{path}/confirmation").status_code == 409


def test_only_the_own_unit_confirms(client, coordinator):
    proposed = propose(coordinator, make_enterprise(), make_housekeeper()).json["id"]
    foreign = approver_of(client, make_housekeeper())
    assert foreign.post(f"/pairings/{proposed}/confirmation").status_code == 404
    handler = Caller(client, make_account(Role.HANDLER))
    assert handler.post(f"/pairings/{proposed}/confirmation").status_code == 403


def test_who_is_confirmed_waits_behind_who_stands_and_then_replaces_him(client, coordinator):
    enterprise, old, new = make_enterprise(), make_housekeeper(), make_housekeeper()
    standing = make_pairing(enterprise, old)
    pairing_id = propose(coordinator, enterprise, new).json["id"]
    path = f"/pairings/{pairing_id}"
    assert coordinator.post(f"{path}/activation").status_code == 409
    unit = approver_of(client, new)
    assert unit.post(f"{path}/confirmation").json["state"] == "confirmed"
    assert unit.post(f"{path}/activation").status_code == 403
    activated = coordinator.post(f"{path}/activation")
    assert activated.json["state"] == "active"
    ended = coordinator.get(f"/pairings/{standing.id}").json
    assert (ended["state"], ended["end_reason"]) == ("ended", "replaced")
    assert ended["ended_by"] == "周敏"


def test_what_is_declined_is_over_and_the_enterprise_never_knew(client, coordinator):
    enterprise, housekeeper = make_enterprise(), make_housekeeper()
    applicant = make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id)
    proposed = propose(coordinator, enterprise, housekeeper).json["id"]
    unit = approver_of(client, housekeeper)
    declined = unit.post(f"/pairings/{proposed}/refusal", {"note": "将轮岗"})
    assert (declined.json["state"], declined.json["end_reason"]) == ("ended", "declined")
    assert told_of(applicant) == []
    assert Caller(client, applicant).get("/pairings").json["items"] == []
    standing = make_pairing(enterprise, housekeeper)
    answer = unit.post(f"/pairings/{standing.id}/refusal", {"note": "不行"})
    assert answer.status_code == 409


def test_a_pairing_ends_with_a_reason_and_everybody_is_told(client, coordinator):
    enterprise, housekeeper = make_enterprise(), make_housekeeper()
    applicant = make_account(Role.ENTERPRISE_STAFF, enterprise_id=enterprise.id)
    standing = make_pairing(enterprise, housekeeper)
    path = f"/pairings/{standing.id}/end"
    assert pointers(coordinator.post(path, {"reason": "replaced"})) == ["/reason"]
    ended = coordinator.post(path, {"reason": "left", "note": "调往市局"})
    assert (ended.json["state"], ended.json["end_reason"]) == ("ended", "left")
    assert told_of(applicant) == ["housekeeper_changed"]
    shown = Caller(client, applicant).get(f"/pairings/{standing.id}").json
    assert (shown["end_reason"], shown["end_note"], shown["ended_by"]) == ("left", None, None)
    assert shown["grounds"] is None
    assert coordinator.post(path, {"reason": "left"}).status_code == 409


def test_who_was_responsible_on_a_day(coordinator):
    enterprise, first, second = make_enterprise(), make_housekeeper(), make_housekeeper()
    changed = NOW - timedelta(days=30)
    make_pairing(enterprise, first, at=NOW - timedelta(days=60))
    make_pairing(enterprise, second, at=changed)

    def on(day: datetime) -> list[int]:
        query = {"enterprise": enterprise.id, "on": day.date().isoformat(), "role": "lead"}
        items = coordinator.get("/pairings", query_string=query).json["items"]
        return [item["housekeeper_id"] for item in items]

    assert on(changed - timedelta(days=1)) == [first.id]
    assert on(changed) == [second.id, first.id]
    assert on(changed + timedelta(days=1)) == [second.id]
    assert on(NOW - timedelta(days=61)) == []


def test_the_list_is_narrowed_and_keeps_to_the_own_area(client, coordinator):
    here = make_pairing()
    there = make_pairing(make_enterprise(area_code=OTHER_COUNTY))
    wanted = {"housekeeper": here.housekeeper_id, "state": "active"}
    items = coordinator.get("/pairings", query_string=wanted).json["items"]
    assert [item["id"] for item in items] == [here.id]
    assert coordinator.get(f"/pairings/{there.id}").status_code == 404
    assert (
        coordinator.get("/pairings", query_string=wanted | {"state": "ended"}).json["items"] == []
    )


@pytest.mark.parametrize("who", ["housekeeper", "unit"])
def test_who_has_to_keep_away_is_not_paired(client, coordinator, who):
    enterprise, housekeeper = make_enterprise(), make_housekeeper()
    earlier = propose(coordinator, enterprise, make_housekeeper()).json["id"]
    place = {"housekeeper_id": housekeeper.id}
    if who == "unit":
        place = {"organisation_id": housekeeper.organisation_id}
    body = {"enterprise_id": enterprise.id, **place}
    made = coordinator.post("/recusals", body)
    assert made.status_code == 201, made.text
    assert coordinator.post("/recusals", body).status_code == 409
    assert propose(coordinator, enterprise, housekeeper).json["title"] == "recusal"
    assert coordinator.post(f"/pairings/{earlier}/confirmation").status_code == 200
    assert coordinator.post(f"/recusals/{made.json['id']}/lifting").json["lifted_at"]
    assert propose(coordinator, enterprise, housekeeper).status_code == 201


def test_a_recusal_stops_what_was_proposed_before(coordinator):
    enterprise, housekeeper = make_enterprise(), make_housekeeper()
    proposed = propose(coordinator, enterprise, housekeeper).json["id"]
    body = {"enterprise_id": enterprise.id, "housekeeper_id": housekeeper.id}
    coordinator.post("/recusals", body)
    answer = coordinator.post(f"/pairings/{proposed}/confirmation")
    assert (answer.status_code, answer.json["title"]) == (409, "recusal")


def test_a_register_does_not_pair_who_has_to_keep_away(database, coordinator):
    enterprise, housekeeper = make_enterprise(), make_housekeeper()
    body = {"enterprise_id": enterprise.id, "housekeeper_id": housekeeper.id}
    assert coordinator.post("/recusals", body).status_code == 201
    assert database.query(Recusal).count() == 1
    with pytest.raises(Exception, match="No row"):
        make_pairing(enterprise, housekeeper)


@pytest.mark.parametrize(
    ("enterprise", "housekeeper", "pointer"),
    [
        ({"operating_state": "注销"}, {}, "/enterprise_id"),
        ({"area_code": OTHER_COUNTY}, {}, "/enterprise_id"),
        ({}, {"duty_state": "退休"}, "/housekeeper_id"),
        ({}, {"area_code": OTHER_COUNTY}, "/housekeeper_id"),
    ],
)
def test_whom_nobody_may_propose(coordinator, enterprise, housekeeper, pointer):
    answer = propose(coordinator, make_enterprise(**enterprise), make_housekeeper(**housekeeper))
    assert pointers(answer) == [pointer]


def test_nobody_is_paired_twice_or_his_own_deputy(coordinator):
    enterprise, housekeeper = make_enterprise(), make_housekeeper()
    assert propose(coordinator, enterprise, housekeeper).status_code == 201
    assert propose(coordinator, enterprise, housekeeper).status_code == 409
    assert pointers(propose(coordinator, enterprise, housekeeper, role="deputy")) == ["/role"]


def test_a_register_officer_speaks_for_the_categories_of_the_unit(client):
    unit = make_organisation(reports_categories=["规上工业"])
    officer = Caller(client, make_account(Role.REGISTER_OFFICER, organisation_id=unit.id))
    own = make_enterprise(categories=("规上工业",))
    assert propose(officer, own, make_housekeeper()).status_code == 201
    answer = propose(officer, make_enterprise(), make_housekeeper())
    assert (answer.status_code, answer.json["title"]) == (409, "not-in-charge")


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("refusal", {"note": "由其他单位报送。"}),
        ("activation", None),
        ("end", {"reason": "left"}),
    ],
)
def test_a_register_officer_decides_nothing_about_what_others_report(client, deed, body):
    """The same deed of the same officer goes on to the rules of the state, once it is in charge."""
    unit = make_organisation(reports_categories=["规上工业"])
    officer = Caller(client, make_account(Role.REGISTER_OFFICER, organisation_id=unit.id))
    foreign = make_pairing(make_enterprise(), make_housekeeper(), is_active=False)
    own = make_pairing(make_enterprise(categories=("规上工业",)), make_housekeeper())
    refused(officer.post(f"/pairings/{foreign.id}/{deed}", body), 409, "not-in-charge")
    assert (foreign.state, foreign.ended_at) == ("proposed", None)
    answer = officer.post(f"/pairings/{own.id}/{deed}", body)
    assert answer.json.get("title") in {None, "pairing-state"}, answer.text


def test_too_much_to_look_after_warns_and_is_never_refused(client, coordinator):
    admin = Caller(client, make_account(Role.SYS_ADMIN))
    today = NOW.date().isoformat()
    body = {"kind": "other", "amount": 1, "effective_from": today}
    assert admin.post("/pairing-limits", body).status_code == 200
    assert coordinator.post("/pairing-limits", body).status_code == 403
    past = body | {"effective_from": "2026-05-31"}
    assert pointers(admin.post("/pairing-limits", past)) == ["/effective_from"]
    later = body | {"amount": 9, "effective_from": "2026-06-02"}
    admin.post("/pairing-limits", later)
    assert db.session.query(PairingLimit).filter_by(kind="other").count() == 3
    housekeeper = make_housekeeper("阿甲")
    make_pairing(make_enterprise(), housekeeper)
    proposed = propose(coordinator, make_enterprise(), housekeeper)
    assert proposed.json["warnings"] == []
    confirmed = coordinator.post(f"/pairings/{proposed.json['id']}/confirmation")
    assert confirmed.json["warnings"] == ["对接的其他企业已达 2 家，建议不超过 1 家。"]
    assert load_of(housekeeper.id, at=NOW + timedelta(days=1)).warnings == ()


def test_the_load_is_listed_by_name_within_the_own_reach(client, coordinator):
    busy, idle = make_housekeeper("乙"), make_housekeeper("丙")
    make_pairing(make_enterprise(categories=("重点项目",)), busy)
    make_pairing(make_enterprise(), busy)
    make_pairing(make_enterprise(), busy, role="deputy")
    make_pairing(make_enterprise(), busy, is_active=False)
    make_housekeeper(area_code=OTHER_COUNTY)
    items = coordinator.get("/reports/load").json["items"]
    assert [item["housekeeper_id"] for item in items] == [idle.id, busy.id]
    shown = items[1]
    counts = ("key_pairings", "other_pairings", "deputy_pairings", "waiting_pairings")
    assert [shown[name] for name in counts] == [1, 1, 1, 1]
    assert (shown["key_limit"], shown["other_limit"]) == (10, 50)
    unit = approver_of(client, idle)
    assert [one["name"] for one in unit.get("/reports/load").json["items"]] == ["丙"]
