"""三级协调 as it is stored, listed, shown and told."""

import pytest

from app.domain.keyset import Page
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from services.tickets.events import list_events
from services.tickets.find import find_tickets
from services.tickets.show import show_ticket
from tests.domain.test_escalation import TO_THE_TOP
from tests.factories import Case, make_ticket
from tests.services.tickets.test_judging import listed
from tests.services.tickets.test_notices import heard

pytestmark = pytest.mark.usefixtures("database")

TOLD = {"applicant", "housekeeper", "handler", "co_handler", "unit_approver"}


def numbers(case: Case, **filters) -> list[str]:
    reader = case.cast.supervisor.actor
    found, _ = find_tickets(reader, filters, "due_at", Page(20, None), at=case.at)
    return [one["number"] for one in found]


def test_a_raised_ticket_is_listed_by_tier_and_cause():
    case = make_ticket(Status.HANDLING)
    other = make_ticket(Status.HANDLING, case.cast)
    case.act(Act.ESCALATE)
    assert numbers(case, tier=2) == numbers(case, cause="unit_dispute") == [case.number]
    assert numbers(case, tier=1) == [other.number]
    assert numbers(case, tier=3) == numbers(case, cause="history") == []
    for part in (case.cast.coordinator, case.cast.supervisor):
        assert listed(case, part.actor, "escalated") == [case.number]


def test_what_is_answered_is_no_longer_among_the_raised():
    case = make_ticket(Status.HANDLING)
    case.act(Act.ESCALATE)
    for action in (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY):
        case.act(action)
    assert listed(case, case.cast.supervisor.actor, "escalated") == []
    assert numbers(case, tier=2) == [case.number]


def test_the_enterprise_reads_the_tier_and_not_the_explanation():
    case = make_ticket(Status.HANDLING)
    case.act(Act.ESCALATE)
    shown = show_ticket(case.cast.applicant.actor, case.number, at=case.at)
    assert (shown["tier"], shown["tier_label"]) == (2, "中心主任会商")
    assert shown["escalation_cause"] == "unit_dispute"
    events, _ = list_events(case.cast.applicant.actor, case.number, Page(50, None))
    assert events[-1]["facts"] == {"tier": 2, "escalation_cause": "unit_dispute"}


def test_who_hears_of_it():
    case = make_ticket(Status.HANDLING)
    seq = case.act(Act.ESCALATE).event.seq
    assert heard(case, seq) == {"escalated": TOLD | {"second_coordinator"}}
    seq = case.act(Act.ESCALATE, TO_THE_TOP, by=case.cast.supervisor.actor).event.seq
    assert heard(case, seq) == {"escalated": TOLD | {"coordinator", "second_coordinator"}}
