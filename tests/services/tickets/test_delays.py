"""延期 and 挂起 as it is stored, listed and shown."""

import pytest

from app.domain.actor import Actor
from app.domain.keyset import Page
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from services.tickets.deadline_audit import audit_after
from services.tickets.events import list_events
from services.tickets.find import find_tickets
from services.tickets.show import show_ticket
from tests.domain.calendars import local
from tests.factories import Case, make_ticket

pytestmark = pytest.mark.usefixtures("database")


def listed(case: Case, reader: Actor, queue: str) -> list[str]:
    found, _ = find_tickets(reader, {"queue": queue}, "due_at", Page(20, None), at=case.at)
    return [one["number"] for one in found]


def test_an_extension_lies_with_whoever_has_to_act_on_it():
    case = make_ticket(Status.HANDLING)
    cast, number = case.cast, [case.number]
    case.act(Act.REQUEST_EXTENSION)
    assert listed(case, cast.unit_approver.actor, "to_consent_extension") == number
    assert listed(case, cast.coordinator.actor, "to_rule_extension") == []
    case.act(Act.CONSENT_EXTENSION)
    assert listed(case, cast.unit_approver.actor, "to_consent_extension") == []
    assert listed(case, cast.coordinator.actor, "to_rule_extension") == number
    case.act(Act.RULE_EXTENSION)
    assert listed(case, cast.coordinator.actor, "to_rule_extension") == []
    case.act(Act.REQUEST_EXTENSION, by=cast.unit_approver.actor)
    assert listed(case, cast.coordinator.actor, "to_rule_extension") == []
    assert listed(case, cast.supervisor.actor, "to_rule_extension") == number


def test_a_granted_extension_is_stored_as_its_events_say():
    case = make_ticket(Status.HANDLING)
    for action in (Act.REQUEST_EXTENSION, Act.CONSENT_EXTENSION, Act.RULE_EXTENSION):
        case.act(action)
    assert case.ticket.due_at == local("2026-06-10 17:30")
    audit = audit_after(case.ticket.id - 1)
    assert (audit.checked, audit.drifts) == (1, ())


def test_the_enterprise_hears_of_an_extension_once_it_is_granted():
    case = make_ticket(Status.HANDLING)
    reader = case.cast.applicant.actor

    def told() -> list[dict]:
        return show_ticket(reader, case.number, at=case.at)["matters"]

    case.act(Act.REQUEST_EXTENSION)
    case.act(Act.CONSENT_EXTENSION)
    assert told() == []
    case.act(Act.RULE_EXTENSION)
    [matter] = told()
    assert matter["details"].keys() == {"days", "reason", "new_due_at"}
    assert (matter["opened_by"], matter["note"]) == (None, None)
    events, _ = list_events(reader, case.number, Page(50, None))
    assert [one["action"] for one in events if "extension" in one["action"]] == ["rule_extension"]
    assert events[-1]["facts"].keys() == {"days", "reason", "new_due_at"}


def test_a_suspended_ticket_is_stored_listed_and_lit_as_paused():
    case = make_ticket(Status.SUSPENDED)
    ticket = case.ticket
    assert (ticket.status, ticket.suspended_from, ticket.step) == (
        "suspended",
        "handling",
        "handle",
    )
    assert ticket.due_at is None
    assert ticket.remaining_seconds is not None
    assert listed(case, case.cast.coordinator.actor, "suspended") == [case.number]
    assert listed(case, case.cast.coordinator.actor, "todo") == []
    shown = show_ticket(case.cast.applicant.actor, case.number, at=case.at)
    assert (shown["light"], shown["matters"][0]["details"]["ground"]) == ("paused", "testing")
    assert audit_after(ticket.id - 1).drifts == ()


def test_the_proof_of_a_suspension_stays_with_the_ticket():
    case = make_ticket(Status.SUSPENDED)
    inside = show_ticket(case.cast.coordinator.actor, case.number, at=case.at)
    assert [one["filename"] for one in inside["attachments"]] == ["检测委托单.pdf"]
    assert show_ticket(case.cast.applicant.actor, case.number, at=case.at)["attachments"] == []


def test_a_suspension_waits_for_a_second_person():
    case = make_ticket(Status.HANDLING)
    cast = case.cast
    case.act(Act.REQUEST_SUSPENSION, by=cast.coordinator.actor)
    assert listed(case, cast.coordinator.actor, "to_rule_suspension") == []
    assert listed(case, cast.second_coordinator.actor, "to_rule_suspension") == [case.number]


def test_a_resumed_ticket_is_as_its_events_say():
    case = make_ticket(Status.SUSPENDED)
    case.act(Act.RESUME, at=local("2026-06-08 10:00"))
    assert case.ticket.status == "handling"
    assert case.ticket.due_at
    assert case.ticket.due_at > local("2026-06-11 00:00")
    assert audit_after(case.ticket.id - 1).drifts == ()


def test_a_suspended_ticket_can_be_withdrawn():
    case = make_ticket(Status.SUSPENDED)
    case.act(Act.WITHDRAW)
    assert (case.ticket.status, case.ticket.suspended_from) == ("withdrawn", None)
