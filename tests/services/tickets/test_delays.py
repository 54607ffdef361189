"""延期 as it is stored, listed and shown."""

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
