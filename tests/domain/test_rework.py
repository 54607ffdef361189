"""异议与重办: who opens the next round, and what it changes from the third one on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.audience import Audience, addresses
from app.domain.decisions.rework import ObjectionOver
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.aftercare import Rating
from app.domain.facts.coordination import Dispatch
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.ticket_flow import allowed_actions
from app.domain.ticket_records import Revisit
from app.domain.ticket_state import Change
from app.domain.vocabulary import MatterOutcome, Status
from tests.domain.calendars import local
from tests.domain.stage import CO, LEAD, OFFICE, PLAYERS, TOWNSHIP, Play, play_to
from tests.domain.story import UNSOLVED

S = Status
AFTER_FEEDBACK = (S.FEEDBACK, S.REVISITING, S.EVALUATING)
ANSWER = (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY)
FIRST_DUE = local("2026-06-08 17:30")
"""Five working days after the Monday on which the feedback is delivered."""


@pytest.mark.parametrize("status", AFTER_FEEDBACK)
def test_an_objection_opens_the_next_round_by_itself(status):
    play = play_to(status)
    change = play.act(Act.OBJECT)
    assert (play.state.status, play.state.round) == (S.COORDINATING, 2)
    assert change.event.is_public
    assert {clock.round for clock in play.state.clocks if not clock.is_stopped} == {2}
    finish = play.clock(ClockKind.FINISH)
    assert (finish.round, finish.limit_amount) == (2, 3)
    with pytest.raises(IllegalTransition):
        play.try_to(Act.OBJECT)


def revisits_in(change: Change) -> list[Revisit]:
    return [one for one in change.records if isinstance(one, Revisit)]


def test_the_revisit_that_is_given_up_is_marked_so():
    play = play_to(S.REVISITING)
    [revisit] = revisits_in(play.act(Act.OBJECT))
    assert (revisit.round, revisit.outcome, revisit.note) == (
        1,
        None,
        "企业提出异议，本轮回访不再进行。",
    )


def test_a_revisit_that_was_concluded_is_left_as_it_is():
    assert not revisits_in(play_to(S.EVALUATING).act(Act.OBJECT))


@pytest.mark.parametrize("status", [S.REVISITING, S.EVALUATING])
def test_the_time_for_an_objection_is_five_working_days_from_delivery(status):
    play = play_to(status)
    assert play.clock(ClockKind.OBJECTION).due_at == FIRST_DUE
    play.at = FIRST_DUE
    assert play.try_to(Act.OBJECT).event.seq
    play.at = FIRST_DUE + timedelta(seconds=1)
    with pytest.raises(ObjectionOver):
        play.try_to(Act.OBJECT)


def test_without_delivery_no_time_runs_against_the_enterprise():
    play = play_to(S.FEEDBACK)
    play.at += timedelta(days=60)
    assert play.try_to(Act.OBJECT).event.seq


@pytest.mark.parametrize("status", [S.REVISITING, S.EVALUATING])
def test_a_supervisor_orders_rework_and_the_enterprise_reads_why(status):
    play = play_to(status)
    change = play.act(Act.ORDER_REWORK)
    assert (play.state.status, play.state.round) == (S.COORDINATING, 2)
    assert change.event.is_public
    told = addresses(Act.ORDER_REWORK, None)
    assert (MessageKind.REWORK_STARTED, Audience.ENTERPRISE) in {
        (one.kind, one.audience) for one in told
    }


def test_who_handled_orders_no_rework():
    play = play_to(S.EVALUATING)
    accounts = (*play.state.handler_account_ids, PLAYERS["supervisor"].account_id or 0)
    play.state = replace(play.state, handler_account_ids=accounts)
    with pytest.raises(Forbidden):
        play.try_to(Act.ORDER_REWORK)


def test_the_next_round_overtakes_a_rectification():
    play = play_to(S.EVALUATING)
    play.act(Act.EVALUATE, Rating(1))
    play.act(Act.OBJECT)
    [matter] = play.state.matters
    assert matter.outcome is MatterOutcome.LAPSED
    assert play.state.open_matters == ()
    assert (play.state.level, play.state.may_rate_again) == (None, False)


def test_first_and_last_completion_are_both_kept():
    play = play_to(S.FEEDBACK)
    first = play.state.first_completed_at
    assert first == play.at
    play.act(Act.OBJECT)
    changes = [play.act(action) for action in (Act.DISPATCH, *ANSWER)]
    assert play.state.first_completed_at == first
    assert changes[-1].values["completed_at"] == play.at


def in_round(number: int) -> Play:
    """Found unsolved again and again."""
    play = play_to(S.COORDINATING)
    while play.state.round < number:
        play.act(Act.DISPATCH, by="supervisor" if play.state.round > 2 else None)
        for action in (*ANSWER, Act.RECEIVE_FEEDBACK):
            play.act(action)
        play.act(Act.RECORD_REVISIT, UNSOLVED)
    return play


def test_in_the_second_round_the_same_units_may_go_on():
    assert in_round(2).try_to(Act.DISPATCH, Dispatch(LEAD, (CO,))).event.seq


@pytest.mark.parametrize(
    ("dispatch", "pointers"),
    [
        (Dispatch(LEAD), ["/lead_organisation_id"]),
        (Dispatch(OFFICE, (TOWNSHIP, CO)), ["/co_organisation_ids/1"]),
    ],
)
def test_from_the_third_round_on_other_units_handle(dispatch, pointers):
    play = in_round(3)
    with pytest.raises(InvalidInput) as refusal:
        play.try_to(Act.DISPATCH, dispatch)
    assert [error.pointer for error in refusal.value.errors] == pointers
    assert play.try_to(Act.DISPATCH, Dispatch(OFFICE, (TOWNSHIP,))).event.seq
    assert play.try_to(Act.DISPATCH, dispatch, by="supervisor").event.seq


def test_a_supervisor_dispatches_only_from_the_third_round_on():
    with pytest.raises(Forbidden):
        in_round(2).try_to(Act.DISPATCH, by="supervisor")
    play = in_round(3)
    assert "dispatch" in allowed_actions(play.state, PLAYERS["supervisor"])
    play.act(Act.DISPATCH, by="supervisor")
    for action in (*ANSWER, Act.RECEIVE_FEEDBACK):
        play.act(action)
    assert "record_revisit" not in allowed_actions(play.state, PLAYERS["supervisor"])


def test_from_the_third_round_on_somebody_else_answers_directly():
    play = in_round(3)
    with pytest.raises(Forbidden):
        play.try_to(Act.ANSWER_DIRECTLY, by="housekeeper")  # accepted it in the first
    assert play.try_to(Act.ANSWER_DIRECTLY, by="second_coordinator").event.seq
    assert in_round(2).try_to(Act.ANSWER_DIRECTLY, by="housekeeper").event.seq
