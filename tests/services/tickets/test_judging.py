"""不合理诉求 and 撤回核查 as they are stored, listed, shown and kept from whom."""

import pytest

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from services.tickets.events import list_events
from services.tickets.find import find_tickets
from services.tickets.show import show_ticket
from tests.factories import Case, make_ticket

pytestmark = pytest.mark.usefixtures("database")


def listed(case: Case, reader: Actor, queue: str) -> list[str]:
    found, _ = find_tickets(reader, {"queue": queue}, "due_at", Page(20, None), at=case.at)
    return [one["number"] for one in found]


def actions_read(case: Case, reader: Actor) -> list[str]:
    events, _ = list_events(reader, case.number, Page(50, None))
    return [one["action"] for one in events]


def withdrawn_after_a_call() -> Case:
    case = make_ticket(Status.HANDLING)
    case.act(Act.FIRST_CONTACT)
    case.act(Act.WITHDRAW)
    return case


def test_a_finding_waits_with_another_office_and_the_enterprise_reads_the_explanation():
    case = make_ticket(Status.HANDLING)
    cast = case.cast
    case.act(Act.PROPOSE_UNREASONABLE, by=cast.coordinator.actor)
    assert listed(case, cast.second_coordinator.actor, "to_rule_unreasonable") == []
    assert listed(case, cast.supervisor.actor, "to_rule_unreasonable") == [case.number]
    assert show_ticket(cast.applicant.actor, case.number, at=case.at)["matters"] == []
    case.act(Act.RULE_UNREASONABLE, by=cast.supervisor.actor)
    shown = show_ticket(cast.applicant.actor, case.number, at=case.at)
    assert shown["is_unreasonable"]
    assert shown["matters"][0]["details"]["explanation"] == "所要求的补贴没有政策依据"


def test_a_withdrawal_after_a_call_is_looked_into_by_who_did_not_handle_it():
    case = withdrawn_after_a_call()
    cast = case.cast
    for part in (cast.revisitor, cast.supervisor):
        assert listed(case, part.actor, "to_check_withdrawal") == [case.number]
        assert listed(case, part.actor, "todo") == [case.number]
    case.act(Act.RECORD_PRESSURE_CHECK)
    assert listed(case, cast.supervisor.actor, "to_check_withdrawal") == []
    with pytest.raises(NotFound):
        show_ticket(cast.revisitor.actor, case.number, at=case.at)


def test_what_came_of_it_is_kept_from_whoever_handled_the_ticket():
    case = withdrawn_after_a_call()
    case.act(Act.RECORD_PRESSURE_CHECK)
    cast, check = case.cast, "record_pressure_check"
    assert check in actions_read(case, cast.supervisor.actor)
    for part in (cast.handler, cast.unit_approver, cast.co_handler, cast.coordinator):
        assert check not in actions_read(case, part.actor)
    assert check not in actions_read(case, cast.housekeeper.actor)
    assert check not in actions_read(case, cast.applicant.actor)
