"""三级协调 as it is stored, listed, shown and told."""

from typing import Any

import pytest

from app.domain.errors import InvalidInput
from app.domain.facts.joint_meeting import JointMeeting, MeetingAction, MeetingConclusion
from app.domain.keyset import Page
from app.domain.permissions import Permission as Act
from app.domain.ticket_state import Change
from app.domain.vocabulary import Status
from services.tickets.events import list_events
from services.tickets.find import find_tickets
from services.tickets.show import show_ticket
from tests.domain.test_escalation import UP
from tests.factories import MONDAY, Case, Person, make_ticket
from tests.services.tickets.test_judging import listed
from tests.services.tickets.test_notices import COORDINATORS, heard

pytestmark = pytest.mark.usefixtures("database")

TOLD = {"applicant", "housekeeper", "handler", "co_handler", "unit_approver"}


def raised(case: Case) -> Change:
    """By a coordinator, to the consultation."""
    return case.act(Act.ESCALATE, UP, by=case.cast.coordinator.actor)


def numbers(case: Case, **filters) -> list[str]:
    reader = case.cast.supervisor.actor
    found, _ = find_tickets(reader, filters, "due_at", Page(20, None), at=case.at)
    return [one["number"] for one in found]


def test_a_raised_ticket_is_listed_by_tier_and_cause():
    case = make_ticket(Status.HANDLING)
    other = make_ticket(Status.HANDLING, case.cast)
    raised(case)
    assert numbers(case, tier=2) == numbers(case, cause="unit_dispute") == [case.number]
    assert numbers(case, tier=1) == [other.number]
    assert numbers(case, tier=3) == numbers(case, cause="history") == []
    for part in (case.cast.coordinator, case.cast.supervisor):
        assert listed(case, part.actor, "escalated") == [case.number]


def test_what_is_answered_is_no_longer_among_the_raised():
    case = make_ticket(Status.HANDLING)
    raised(case)
    for action in (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY):
        case.act(action)
    assert listed(case, case.cast.supervisor.actor, "escalated") == []
    assert numbers(case, tier=2) == [case.number]


def test_the_enterprise_reads_the_tier_and_not_the_explanation():
    case = make_ticket(Status.HANDLING)
    raised(case)
    shown = show_ticket(case.cast.applicant.actor, case.number, at=case.at)
    assert (shown["tier"], shown["tier_label"]) == (2, "中心主任会商")
    assert shown["escalation_cause"] == "unit_dispute"
    events, _ = list_events(case.cast.applicant.actor, case.number, Page(50, None))
    assert events[-1]["facts"] == {"tier": 2, "escalation_cause": "unit_dispute"}


def test_who_hears_of_it():
    case = make_ticket(Status.HANDLING)
    seq = raised(case).event.seq
    assert heard(case, seq) == {"escalated": TOLD | {"second_coordinator"}}
    seq = case.act(Act.ESCALATE).event.seq
    assert heard(case, seq) == {"escalated": TOLD | {"coordinator", "second_coordinator"}}


def test_who_hears_of_a_joint_meeting_and_of_its_conclusion():
    case = make_ticket(Status.HANDLING)
    case.act(Act.ESCALATE)
    supervisor = case.cast.supervisor.actor
    assert listed(case, supervisor, "to_meet") == [case.number]
    seq = case.act(Act.CONVENE_JOINT_MEETING).event.seq
    units = {"handler", "unit_approver", "co_handler"}
    assert heard(case, seq) == {"joint_meeting_called": units | COORDINATORS | {"housekeeper"}}
    assert listed(case, supervisor, "to_meet") == []
    assert listed(case, supervisor, "to_conclude") == [case.number]
    elsewhere = JointMeeting((case.cast.lead_unit.id,), "定分工", MONDAY.date())
    seq = case.act(Act.CONVENE_JOINT_MEETING, elsewhere).event.seq
    assert heard(case, seq) == {"joint_meeting_moved": units | COORDINATORS | {"housekeeper"}}
    seq = case.act(Act.CONCLUDE_JOINT_MEETING).event.seq
    assert heard(case, seq) == {
        "new_todo": {"handler", "co_handler"},
        "joint_meeting_concluded": {"applicant", "housekeeper", "unit_approver"} | COORDINATORS,
    }
    assert listed(case, supervisor, "to_meet") == listed(case, supervisor, "to_conclude") == []


def test_the_enterprise_reads_when_they_meet_and_who_handles_it_and_no_minutes():
    case = make_ticket(Status.HANDLING)
    for action in (Act.ESCALATE, Act.CONVENE_JOINT_MEETING, Act.CONCLUDE_JOINT_MEETING):
        case.act(action)
    told = meeting_of(case, case.cast.applicant)
    assert set(told["details"]) == {"held_on", "lead_organisation_id", "co_organisation_ids"}
    assert meeting_of(case, case.cast.supervisor)["details"]["minutes"]


def meeting_of(case: Case, person: Person) -> dict[str, Any]:
    """The meeting as the person reads it."""
    matters = show_ticket(person.actor, case.number, at=case.at)["matters"]
    return next(one for one in matters if one["kind"] == "joint_meeting")


@pytest.mark.parametrize("action", [Act.CONVENE_JOINT_MEETING, Act.CONCLUDE_JOINT_MEETING])
def test_the_units_of_a_meeting_exist(action):
    case = make_ticket(Status.HANDLING)
    case.act(Act.ESCALATE)
    lead = case.cast.lead_unit.id
    given: Any = JointMeeting((lead, 2**40), "议题", case.at.date())
    if action is Act.CONCLUDE_JOINT_MEETING:
        case.act(Act.CONVENE_JOINT_MEETING)
        tasks = (MeetingAction(lead, "迁改", case.at.date()),)
        given = MeetingConclusion("会议议定。", lead, tasks, (2**40,))
    with pytest.raises(InvalidInput) as error:
        case.act(action, given)
    assert error.value.errors[0].code == "unknown-organisation"
