"""第一步 受理: contact, acceptance, refusal by two, material asked for, withdrawal."""

from datetime import timedelta

import pytest

from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.acceptance import Acceptance, FirstContact, Refusal, RefusalRuling, Supplement
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import AssignmentState, RefusalGround, Status, TicketClass
from tests.domain.stage import CO, LEAD, PLAYERS, play_to, submitted
from tests.domain.story import MINUTE, MONDAY, SECOND_NOTICE

S = Status
HOUR = timedelta(hours=1)


def pointers(error: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    return [each.pointer for each in error.value.errors]


def test_contact_is_noted_when_it_was_made_and_stops_its_clock():
    play = submitted()
    play.act(Act.FIRST_CONTACT, FirstContact("已联系", MONDAY + MINUTE), at=MONDAY + HOUR)
    assert play.state.contacted_at == MONDAY + MINUTE
    assert play.clock(ClockKind.FIRST_CONTACT).stopped_at == MONDAY + HOUR


@pytest.mark.parametrize("contacted_at", [MONDAY - MINUTE, MONDAY + HOUR + MINUTE])
def test_contact_lies_between_submission_and_now(contacted_at):
    play = submitted()
    play.at = MONDAY + HOUR
    with pytest.raises(InvalidInput) as error:
        play.try_to(Act.FIRST_CONTACT, FirstContact("已联系", contacted_at))
    assert pointers(error) == ["/contacted_at"]


def test_contact_is_still_possible_when_the_ticket_is_being_handled():
    play = play_to(S.HANDLING)
    play.act(Act.FIRST_CONTACT)
    assert play.clock(ClockKind.FIRST_CONTACT).is_stopped


@pytest.mark.parametrize("ticket_class", sorted(set(TicketClass) - {TicketClass.APPROVAL}))
def test_acceptance_sets_class_and_category(ticket_class):
    play = submitted()
    change = play.act(Act.ACCEPT, Acceptance(ticket_class, "land"), by="coordinator")
    assert play.state.ticket_class is ticket_class
    assert change.values["category_code"] == "land"
    assert change.values["accepted_at"] == play.at
    assert play.clock(ClockKind.ACCEPT).stopped_at == play.at


@pytest.mark.parametrize(
    ("ticket_class", "promised_days"), [(TicketClass.APPROVAL, None), (TicketClass.NORMAL, 10)]
)
def test_days_are_promised_for_approval_items_alone(ticket_class, promised_days):
    given = Acceptance(ticket_class, "approval", promised_days=promised_days)
    with pytest.raises(InvalidInput) as error:
        submitted().try_to(Act.ACCEPT, given)
    assert pointers(error) == ["/promised_days"]


def test_promised_days_are_the_limit():
    play = submitted()
    play.act(Act.ACCEPT, Acceptance(TicketClass.APPROVAL, "approval", promised_days=12))
    assert play.clock(ClockKind.FINISH).limit_amount == play.state.promised_days == 12


def test_hard_is_for_the_coordinator_to_say():
    given = Acceptance(TicketClass.HARD, "land")
    with pytest.raises(Forbidden):
        submitted().try_to(Act.ACCEPT, given, by="housekeeper")
    change = submitted().try_to(Act.ACCEPT, given, by="coordinator")
    assert change.values["ticket_class"] is TicketClass.HARD


def test_a_refusal_waits_for_a_second_person_and_keeps_its_ground():
    play = submitted()
    given = Refusal(RefusalGround.SECRET, "涉密", "保密部门")
    play.act(Act.PROPOSE_REFUSAL, given)
    assert play.state.refusal_proposed_by == PLAYERS["coordinator"].account_id
    assert not play.clock(ClockKind.ACCEPT).is_stopped
    change = play.act(Act.RULE_REFUSAL)
    assert change.event.facts["ground"] == "secret"
    assert change.event.facts["right_door"] == "保密部门"
    assert all(clock.is_stopped for clock in play.state.clocks)


@pytest.mark.parametrize("part", ["second_coordinator", "supervisor"])
def test_who_may_approve_a_refusal(part):
    play = submitted()
    play.act(Act.PROPOSE_REFUSAL)
    assert play.act(Act.RULE_REFUSAL, by=part).outcome == "approved"


def test_nobody_approves_the_own_refusal():
    play = submitted()
    play.act(Act.PROPOSE_REFUSAL, by="second_coordinator")
    with pytest.raises(Forbidden):
        play.try_to(Act.RULE_REFUSAL, by="second_coordinator")


def test_a_refusal_that_is_turned_down_leaves_no_trace_but_its_events():
    play = submitted()
    play.act(Act.PROPOSE_REFUSAL)
    play.act(Act.RULE_REFUSAL, RefusalRuling(approved=False, note="属本地职责"))
    assert (play.state.refusal_proposed_by, play.state.refusal) == (None, None)
    play.act(Act.ACCEPT)
    assert play.state.status is S.ACCEPTED


def test_all_that_is_missing_is_told_at_once_and_answered_by_the_enterprise():
    play = play_to(S.SUPPLEMENTING)
    [request] = play.state.supplements
    assert (request.attempt, request.items) == (1, ("用电合同", "增容申请表"))
    play.act(Act.SUPPLY, Supplement("补齐了", (7, 8)), by="colleague")
    [request] = play.state.supplements
    assert (request.answer, request.supplied_by) == ("补齐了", PLAYERS["colleague"].account_id)
    assert play.events[-1].facts["attachment_ids"] == [7, 8]


def test_material_is_asked_for_twice_at_most():
    play = play_to(S.SUPPLEMENTING)
    play.act(Act.SUPPLY)
    assert play.act(Act.REQUEST_SUPPLEMENT, SECOND_NOTICE).event.facts["attempt"] == 2
    play.act(Act.SUPPLY)
    with pytest.raises(IllegalTransition) as refusal:
        play.try_to(Act.REQUEST_SUPPLEMENT)
    assert "accept" in refusal.value.allowed


def test_a_withdrawal_tells_the_units_and_stops_every_clock():
    play = play_to(S.HANDLING)
    play.act(Act.WITHDRAW)
    assert {one.state for one in play.state.assignments} == {AssignmentState.CANCELLED}
    assert all(clock.is_stopped for clock in play.state.clocks)


def test_what_a_unit_has_finished_is_not_cancelled_by_a_withdrawal():
    play = play_to(S.HANDLING)
    play.act(Act.GIVE_OPINION)
    play.act(Act.WITHDRAW)
    states = {one.organisation_id: one.state for one in play.state.assignments}
    assert states == {LEAD: AssignmentState.CANCELLED, CO: AssignmentState.DONE}


def test_a_withdrawal_drops_a_pending_refusal():
    play = submitted()
    play.act(Act.PROPOSE_REFUSAL)
    play.act(Act.WITHDRAW)
    assert play.state.refusal_proposed_by is None
