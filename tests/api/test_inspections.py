"""POST /tickets/{number}/inspection: a supervisor reads details for a reason that is kept."""

from datetime import timedelta

import pytest

from app import clock
from app.api.schemas.examples import EXAMPLES
from app.api.schemas.inspections import InspectionBody
from app.db import db
from app.domain.actor import Role
from app.domain.inspection import VALID_FOR, InspectionRequired
from app.domain.permissions import Permission as Act
from app.models.attachment import Attachment
from app.models.audit_entry import AuditEntry
from services import inspections
from tests.callers import Caller
from tests.factories import Case, make_account, make_ticket
from tests.factories.files import make_attachment
from tests.problems import refused

WHY = EXAMPLES[InspectionBody]


@pytest.fixture
def case(client) -> Case:
    return make_ticket("handling")


@pytest.fixture
def supervisor(client, case) -> Caller:
    return Caller(client, case.cast.supervisor)


@pytest.fixture
def file(case) -> Attachment:
    return make_attachment(case, case.cast.applicant)


def details(case: Case, file: Attachment) -> list[str]:
    ticket = f"/tickets/{case.number}"
    return [ticket, f"{ticket}/events", f"/attachments/{file.id}"]


def entries(person) -> list[AuditEntry]:
    query = db.session.query(AuditEntry).filter_by(account_id=person.account.id)
    return query.filter_by(action="inspect_ticket").all()


def test_details_are_read_once_a_reason_is_stated(supervisor, case, file):
    for path in details(case, file):
        problem = refused(supervisor.get(path), 403, "inspection-required")
        assert "/inspection" in problem["detail"]
    answer = supervisor.post(f"/tickets/{case.number}/inspection", WHY)
    assert (answer.status_code, answer.json["number"]) == (200, case.number)
    for path in details(case, file):
        assert supervisor.get(path).status_code == 200, path
    [entry] = entries(supervisor.person)
    assert (entry.subject, entry.facts) == (f"ticket:{case.number}", WHY)


def test_a_reason_is_needed_and_must_say_something(supervisor, case):
    for body in ({}, {"reason": "看看"}):
        refused(supervisor.post(f"/tickets/{case.number}/inspection", body), 422)
    refused(supervisor.get(f"/tickets/{case.number}"), 403, "inspection-required")
    assert entries(supervisor.person) == []


def test_it_is_good_for_this_ticket_and_this_person(client, supervisor, case):
    supervisor.inspect(case.number)
    other = make_ticket(cast=case.cast)
    refused(supervisor.get(f"/tickets/{other.number}"), 403, "inspection-required")
    colleague = Caller(client, make_account(Role.SUPERVISOR))
    refused(colleague.get(f"/tickets/{case.number}"), 403, "inspection-required")


def test_it_is_good_for_eight_hours(supervisor, case):
    supervisor.inspect(case.number)
    who, stated = supervisor.person.actor, clock.real()
    inspections.demand_reason(who, case.number, at=stated + VALID_FOR - timedelta(minutes=1))
    with pytest.raises(InspectionRequired):
        inspections.demand_reason(who, case.number, at=stated + VALID_FOR + timedelta(minutes=1))


def test_what_is_not_visible_does_not_exist(client, case, file):
    stranger = Caller(client, make_account(Role.SUPERVISOR, area_prefix="210303"))
    refused(stranger.post(f"/tickets/{case.number}/inspection", WHY), 404)
    for path in details(case, file):
        refused(stranger.get(path), 404)
    assert entries(stranger.person) == []


def test_lists_deadlines_and_statistics_are_free(supervisor, case):
    june = "from=2026-06-01&to=2026-07-01"
    paths = ("/tickets", f"/tickets/{case.number}/deadline", f"/reports/closure?{june}")
    for path in paths:
        assert supervisor.get(path).status_code == 200, path
    assert [one["number"] for one in supervisor.get("/tickets").json["items"]] == [case.number]


def test_nobody_else_has_to_say_why(client, case, file):
    for person in (case.cast.coordinator, case.cast.housekeeper, case.cast.handler):
        caller = Caller(client, person)
        for path in details(case, file):
            assert caller.get(path).status_code == 200, path
        refused(caller.post(f"/tickets/{case.number}/inspection", WHY), 403)


def test_the_own_upload_needs_no_reason_until_a_ticket_has_it(supervisor, file):
    file.ticket_id, file.event_seq = None, None
    file.account_id = supervisor.person.account.id
    db.session.flush()
    assert supervisor.get(f"/attachments/{file.id}").status_code == 200


def test_a_supervisor_still_acts_by_the_version_of_the_list(client):
    case = make_ticket("submitted")
    case.act(Act.PROPOSE_REFUSAL)
    supervisor = Caller(client, case.cast.supervisor)
    [listed] = supervisor.get("/tickets?queue=to_rule").json["items"]
    ruling = {"approved": True, "note": "同意。"}
    path = f"/tickets/{case.number}/refusal/approval"
    answer = supervisor.post(path, ruling, version=listed["version"])
    assert (answer.status_code, answer.json["status"]) == (200, "refused")
