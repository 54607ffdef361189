"""退回和会商: once for each unit and in time, ruled on, and after two returns talked over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decisions.returning import NoSuchReturn, ReturnTooLate
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.coordination import Dispatch
from app.domain.facts.returning import ReturnConsent
from app.domain.matters import open_matters
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.ticket_records import RoutingRule
from app.domain.vocabulary import (
    MatterKind,
    MatterOutcome,
    UnitRole,
)
from tests.domain.returned import (
    BACK_TO,
    CO_UPHELD,
    LAST_MOMENT,
    REJECTED,
    THIRD,
    A,
    S,
    asked,
    co_asks,
    state_of,
)
from tests.domain.stage import CO, LEAD, PLAYERS, play_to
from tests.domain.story import UNSOLVED


def test_a_request_waits_for_the_own_approver():
    play = play_to(S.HANDLING)
    change = play.act(Act.REQUEST_RETURN)
    [matter] = open_matters(play.state, MatterKind.RETURN)
    assert (matter.organisation_id, matter.is_consented, change.outcome) == (LEAD, False, "asked")
    assert not [one for one in play.state.clocks if one.kind is ClockKind.RULING]
    with pytest.raises(IllegalTransition):
        play.try_to(Act.RULE_RETURN)


@pytest.mark.parametrize("by_approver", [False, True])
def test_behind_which_the_approver_stands_is_to_be_ruled_on_in_a_working_day(by_approver):
    play = asked(by_approver=by_approver)
    [matter] = open_matters(play.state, MatterKind.RETURN)
    assert matter.is_consented
    assert play.clock(ClockKind.RULING, LEAD).due_at == LAST_MOMENT
    assert not play.clock(ClockKind.ASSIGNMENT, LEAD).is_stopped


def test_nobody_stands_behind_the_own_request():
    play = play_to(S.HANDLING)
    play.act(Act.REQUEST_RETURN)
    [matter] = play.state.matters
    own = replace(matter, opened_by=PLAYERS["unit_approver"].account_id)
    told = replace(open_matters(play.state)[0], opened_by=own.opened_by)
    play.state = replace(play.state, matters=(own,), open_matters=(str(told),))
    with pytest.raises(Forbidden):
        play.try_to(Act.CONSENT_RETURN)


def test_what_the_own_approver_declines_is_no_return_of_the_unit():
    play = play_to(S.HANDLING)
    play.act(Act.REQUEST_RETURN)
    change = play.act(Act.CONSENT_RETURN, ReturnConsent(agrees=False, note="属本单位职责"))
    assert (change.outcome, play.state.open_matters) == ("declined", ())
    play.act(Act.REQUEST_RETURN, by="unit_approver")
    assert open_matters(play.state, MatterKind.RETURN)[0].is_consented


def test_a_unit_returns_within_a_working_day_of_the_dispatch():
    play = play_to(S.HANDLING)
    play.at = LAST_MOMENT
    assert play.try_to(Act.REQUEST_RETURN).outcome == "asked"
    play.at += timedelta(seconds=1)
    with pytest.raises(ReturnTooLate):
        play.try_to(Act.REQUEST_RETURN)


def test_the_approver_too_stands_behind_it_in_time():
    play = play_to(S.HANDLING)
    play.act(Act.REQUEST_RETURN)
    play.at = LAST_MOMENT + timedelta(seconds=1)
    with pytest.raises(ReturnTooLate):
        play.try_to(Act.CONSENT_RETURN)
    assert play.try_to(Act.CONSENT_RETURN, ReturnConsent(agrees=False)).outcome == "declined"


def test_a_return_names_another_unit():
    with pytest.raises(InvalidInput) as error:
        play_to(S.HANDLING).try_to(Act.REQUEST_RETURN, BACK_TO[LEAD])
    assert error.value.errors[0].pointer == "/suggested_organisation_id"


def test_an_upheld_return_of_the_lead_leaves_nobody_in_the_lead():
    play = asked()
    change = play.act(Act.RULE_RETURN)
    assert (play.state.status, change.outcome) == (S.COORDINATING, "lead_returned")
    assert play.state.lead_organisation_id is None
    assert (state_of(play, LEAD), state_of(play, CO)) == (A.RETURNED, A.DISPATCHED)
    for kind in (ClockKind.ASSIGNMENT, ClockKind.RULING):
        assert play.clock(kind, LEAD).stopped_at == play.at
    assert not play.clock(ClockKind.OPINION, CO).is_stopped
    assert play.state.open_matters == ()


def test_the_other_units_go_on_while_a_new_lead_is_looked_for():
    play = asked()
    play.act(Act.RULE_RETURN)
    play.act(Act.GIVE_OPINION)
    assert state_of(play, CO) is A.DONE
    play.act(Act.DISPATCH, Dispatch(THIRD))
    assert (state_of(play, THIRD), state_of(play, CO)) == (A.DISPATCHED, A.DONE)
    assert play.state.status is S.HANDLING


def test_a_helping_unit_is_taken_out_alone():
    play = play_to(S.HANDLING)
    co_asks(play)
    change = play.act(Act.RULE_RETURN, CO_UPHELD)
    assert (play.state.status, change.outcome) == (S.HANDLING, "co_returned")
    assert not change.event.is_public
    assert (state_of(play, LEAD), state_of(play, CO)) == (A.DISPATCHED, A.RETURNED)
    assert play.clock(ClockKind.OPINION, CO).is_stopped
    with pytest.raises(Forbidden):
        play.try_to(Act.GIVE_OPINION)


def test_a_rejected_return_costs_the_unit_its_time():
    play = asked()
    before = play.clock(ClockKind.ASSIGNMENT, LEAD)
    play.act(Act.RULE_RETURN, REJECTED, at=play.at + timedelta(hours=5))
    assert play.clock(ClockKind.ASSIGNMENT, LEAD) == before
    assert play.clock(ClockKind.RULING, LEAD).is_stopped
    assert (play.state.status, state_of(play, LEAD)) == (S.HANDLING, A.DISPATCHED)
    with pytest.raises(IllegalTransition):
        play.try_to(Act.REQUEST_RETURN)


def test_a_rejection_says_why():
    with pytest.raises(InvalidInput):
        asked().try_to(Act.RULE_RETURN, replace(REJECTED, note=None))


def test_only_what_was_asked_is_ruled_on():
    with pytest.raises(NoSuchReturn):
        asked().try_to(Act.RULE_RETURN, CO_UPHELD)


def test_who_answers_has_given_up_returning_it():
    play = asked()
    play.act(Act.REPLY)
    assert play.state.open_matters == ()
    assert play.state.matters[0].outcome is MatterOutcome.LAPSED
    assert play.clock(ClockKind.RULING, LEAD).is_stopped


def test_a_direct_answer_leaves_nobody_at_work():
    play = asked()
    play.act(Act.RULE_RETURN)
    co_asks(play)
    play.act(Act.CONVENE)
    play.act(Act.ANSWER_DIRECTLY)
    assert state_of(play, CO) is A.CANCELLED
    assert play.state.open_matters == ()


def test_an_upheld_return_says_where_the_like_belongs():
    play = asked()
    change = play.act(Act.RULE_RETURN)
    [rule] = [one for one in change.records if isinstance(one, RoutingRule)]
    assert (rule.organisation_id, rule.category_code, rule.area_prefix, rule.is_binding) == (
        *(CO, "utilities", "210302", False),
    )


@pytest.mark.parametrize("named", [Dispatch(LEAD), Dispatch(THIRD, (LEAD,))])
def test_a_unit_that_returned_it_is_not_sent_it_again(named):
    play = asked()
    play.act(Act.RULE_RETURN)
    with pytest.raises(InvalidInput) as error:
        play.try_to(Act.DISPATCH, named)
    assert error.value.errors[0].code == "returned-before"


def test_a_helping_unit_may_take_the_lead():
    play = asked()
    play.act(Act.RULE_RETURN)
    play.act(Act.GIVE_OPINION)
    play.act(Act.DISPATCH, Dispatch(CO))
    now_leading = play.state.assignment_of(CO)
    assert now_leading is not None
    assert (now_leading.role, now_leading.state) == (UnitRole.LEAD, A.DISPATCHED)
    assert now_leading.opinion == "同意增容方案"
    assert not play.clock(ClockKind.ASSIGNMENT, CO).is_stopped


def test_a_unit_returns_a_ticket_once_whatever_the_round():
    play = asked()
    play.act(Act.RULE_RETURN, REJECTED)
    for action in (
        Act.GIVE_OPINION,
        Act.REPLY,
        Act.COUNTERSIGN,
        Act.RULE_REPLY,
        Act.RECEIVE_FEEDBACK,
    ):
        play.act(action)
    play.act(Act.RECORD_REVISIT, UNSOLVED)
    play.act(Act.DISPATCH)
    again, other = (play.state.assignment_of(unit) for unit in (LEAD, CO))
    assert again is not None
    assert other is not None
    assert again.return_until is None
    assert other.return_until is not None
