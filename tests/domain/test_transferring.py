"""转出: once, with the body that receives it; arrears within ten working days."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.audience import Audience, addresses
from app.domain.errors import IllegalTransition, InvalidInput
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.coordination import Dispatch, TransferOut
from app.domain.facts.retarget import Retargeting
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.limits import Unit
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import INTERNAL, Clock, ClockKind, Rung
from app.domain.terms import Policy
from app.domain.vocabulary import Status, TicketClass
from tests.domain.calendars import local
from tests.domain.stage import LADDERS, OFFICE, POLICIES, TERMS, Play, play_to, submitted
from tests.domain.story import MINUTE

TO_COURT = TransferOut("鞍山市工业和信息化局", "按管辖由市级部门办理")
LAST_MOMENT = local("2026-06-15 17:30")


def of_class(ticket_class: TicketClass) -> Play:
    play = submitted()
    play.act(Act.ACCEPT, Acceptance(ticket_class, "arrears"))
    return play


def test_it_is_noted_and_then_answered():
    play = play_to(Status.ACCEPTED)
    change = play.act(Act.TRANSFER_OUT, TO_COURT)
    assert change.event.to_status is Status.ACCEPTED
    assert change.values["transferred_to"] == TO_COURT.receiving_body
    assert change.values["transferred_at"] == play.at
    assert change.event.is_public
    assert "is_late" not in change.event.facts
    play.act(Act.ANSWER_DIRECTLY)
    assert play.state.status is Status.FEEDBACK


def test_it_is_transferred_once():
    play = play_to(Status.ACCEPTED)
    play.act(Act.TRANSFER_OUT, TO_COURT)
    with pytest.raises(IllegalTransition):
        play.try_to(Act.TRANSFER_OUT, TO_COURT)


@pytest.mark.parametrize("hours", [-1, 1])
def test_it_was_after_the_acceptance_and_is_no_wish(hours):
    play = play_to(Status.ACCEPTED)
    wrong = replace(TO_COURT, transferred_at=play.at + timedelta(hours=hours))
    with pytest.raises(InvalidInput):
        play.try_to(Act.TRANSFER_OUT, wrong)


@pytest.mark.parametrize("seconds", [0, 1])
def test_arrears_tell_whether_they_came_too_late(seconds):
    play = of_class(TicketClass.ARREARS)
    change = play.act(Act.TRANSFER_OUT, TO_COURT, at=LAST_MOMENT + timedelta(seconds=seconds))
    assert change.event.facts["is_late"] is bool(seconds)


def transfer_of(play: Play) -> Clock:
    [clock] = [one for one in play.state.clocks if one.kind is ClockKind.TRANSFER]
    return clock


def arrears(status: Status = Status.ACCEPTED) -> Play:
    return play_to(status, accept=Acceptance(TicketClass.ARREARS, "arrears"))


def by_hand(play: Play, ticket_class: TicketClass) -> None:
    play.act(Act.RETARGET, Retargeting("重新认定", ticket_class=ticket_class))


def test_arrears_have_ten_working_days_from_acceptance_to_be_handed_over():
    clock = transfer_of(arrears())
    assert (clock.limit_amount, clock.limit_unit) == (10, Unit.WORKING_DAYS)
    assert clock.due_at == LAST_MOMENT
    assert clock.policy_id == POLICIES[TicketClass.ARREARS, ClockKind.TRANSFER].id
    assert clock.remind_at
    assert clock.yellow_at
    assert clock.remind_at < clock.yellow_at < LAST_MOMENT
    assert ClockKind.TRANSFER not in INTERNAL, "it is a promise to the enterprise"
    kinds = {one.kind for one in of_class(TicketClass.NORMAL).state.clocks}
    assert ClockKind.TRANSFER not in kinds


def test_the_days_are_those_of_the_policy_of_the_ticket():
    key = TicketClass.ARREARS, ClockKind.TRANSFER
    tighter = POLICIES | {key: Policy(900, 4, Unit.WORKING_DAYS)}
    ladders = {**LADDERS, 900: LADDERS[POLICIES[key].id]}
    play = submitted(terms=replace(TERMS, policies=tighter, ladders=ladders))
    play.act(Act.ACCEPT, Acceptance(TicketClass.ARREARS, "arrears"))
    assert (transfer_of(play).limit_amount, transfer_of(play).policy_id) == (4, 900)
    assert transfer_of(play).due_at == local("2026-06-05 17:30")
    late = play.act(Act.TRANSFER_OUT, TO_COURT, at=local("2026-06-05 17:30:01"))
    assert late.event.facts["is_late"] is True


def test_it_is_handed_over_to_a_unit_or_to_another_body():
    dispatched, sent = arrears(), arrears()
    dispatched.act(Act.DISPATCH)
    sent.act(Act.TRANSFER_OUT, TO_COURT)
    for play in (dispatched, sent):
        assert transfer_of(play).stopped_at == play.at


def test_what_a_unit_should_not_have_is_to_be_handed_over_again_in_the_same_time():
    play = arrears(Status.HANDLING)
    for action in (Act.REQUEST_RETURN, Act.CONSENT_RETURN, Act.RULE_RETURN):
        play.act(action)
    assert play.state.status is Status.COORDINATING
    assert (transfer_of(play).is_running, transfer_of(play).due_at) == (True, LAST_MOMENT)
    play.act(Act.DISPATCH, Dispatch(OFFICE))
    assert transfer_of(play).stopped_at == play.at


def test_with_a_unit_in_time_it_is_not_late_later():
    play = arrears(Status.COORDINATING)
    assert play.state.round == 2
    change = play.act(Act.TRANSFER_OUT, TO_COURT, at=LAST_MOMENT + timedelta(days=30))
    assert change.event.facts["is_late"] is False


def test_what_was_accepted_before_there_was_a_clock_is_late_by_the_policy():
    play = arrears()
    finish = tuple(one for one in play.state.clocks if one.kind is ClockKind.FINISH)
    play.state = replace(play.state, clocks=finish)
    late = play.act(Act.TRANSFER_OUT, TO_COURT, at=LAST_MOMENT + timedelta(seconds=1))
    assert late.event.facts["is_late"] is True


def test_what_is_found_to_be_arrears_is_handed_over_from_then_on():
    play = of_class(TicketClass.NORMAL)
    play.at = local("2026-06-03 10:00")
    by_hand(play, TicketClass.ARREARS)
    assert transfer_of(play).due_at == local("2026-06-17 17:30")
    by_hand(play, TicketClass.NORMAL)
    assert transfer_of(play).is_stopped
    play.at = local("2026-06-09 10:00")
    by_hand(play, TicketClass.ARREARS)
    clock = transfer_of(play)
    assert (clock.is_running, clock.due_at) == (True, local("2026-06-17 17:30")), "no new time"


def test_what_a_unit_has_is_not_to_be_handed_over():
    play = play_to(Status.HANDLING)
    by_hand(play, TicketClass.ARREARS)
    assert not [one for one in play.state.clocks if one.kind is ClockKind.TRANSFER]


@pytest.mark.parametrize(
    "way",
    [(Act.REQUEST_RETURN, Act.CONSENT_RETURN, Act.RULE_RETURN), (Act.MERGE, Act.UNMERGE)],
    ids=["returned", "merged and not"],
)
def test_what_became_arrears_with_a_unit_is_to_be_handed_over_once_nobody_has_it(way):
    play = play_to(Status.HANDLING)
    by_hand(play, TicketClass.ARREARS)
    for action in way:
        play.act(action)
    clock = transfer_of(play)
    assert (clock.is_running, clock.started_at) == (True, play.at)


def test_no_minute_of_it_is_lost_while_it_is_suspended():
    play = of_class(TicketClass.NORMAL)
    play.act(Act.REQUEST_SUSPENSION, by="coordinator")
    play.act(Act.RULE_SUSPENSION, by="second_coordinator")
    by_hand(play, TicketClass.ARREARS)
    assert transfer_of(play).is_paused
    play.act(Act.RESUME)
    assert transfer_of(play).is_running


def test_more_days_for_the_result_are_none_to_hand_it_over():
    play = arrears()
    play.act(Act.RETARGET, Retargeting("情况复杂", promised_days=90))
    assert transfer_of(play).limit_amount == 10


def test_a_merger_that_is_undone_lets_it_run_on():
    play = arrears()
    play.act(Act.MERGE)
    assert transfer_of(play).is_stopped
    play.act(Act.UNMERGE)
    assert (transfer_of(play).is_running, transfer_of(play).due_at) == (True, LAST_MOMENT)


def test_it_reminds_and_turns_yellow_and_red():
    play = arrears()
    clock = transfer_of(play)
    assert clock.remind_at
    reminded = play.act(Act.REMIND, Reminding(ClockKind.TRANSFER), at=clock.remind_at)
    assert reminded.outcome == "transfer"
    assert clock.yellow_at
    for rung, at in ((Rung.YELLOW, clock.yellow_at), (Rung.RED, LAST_MOMENT + MINUTE)):
        play.act(Act.ISSUE_CARD, CardIssue(ClockKind.TRANSFER, rung), at=at)
    assert transfer_of(play).overdue_at
    told = {one.audience for one in addresses(Act.REMIND, "transfer")}
    assert told == {Audience.HOUSEKEEPER, Audience.COORDINATORS}
