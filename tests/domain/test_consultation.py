"""会商: after two returns the units talk it over, and what is concluded may bind."""

from dataclasses import replace

import pytest

from app.domain.decisions.coordination import ConsultationNeeded
from app.domain.errors import IllegalTransition, InvalidInput
from app.domain.facts.coordination import Dispatch
from app.domain.facts.returning import Conclusion
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.ticket_records import RoutingRule
from app.domain.vocabulary import (
    MatterOutcome,
)
from tests.domain.returned import (
    CO_UPHELD,
    REJECTED,
    THIRD,
    A,
    S,
    asked,
    co_asks,
    state_of,
)
from tests.domain.stage import CO, LEAD, Play, play_to
from tests.domain.story import UNSOLVED


def twice_ruled() -> Play:
    """Two returns were upheld: the lead's, and the helping unit's."""
    play = asked()
    play.act(Act.RULE_RETURN)
    co_asks(play)
    play.act(Act.RULE_RETURN, CO_UPHELD)
    return play


def test_after_two_returns_nobody_is_sent_it_without_a_consultation():
    play = twice_ruled()
    with pytest.raises(ConsultationNeeded):
        play.try_to(Act.DISPATCH, Dispatch(THIRD))
    play.act(Act.CONVENE)
    play.act(Act.CONCLUDE_CONSULTATION, Conclusion("会商确定主办单位。", THIRD))
    assert (play.state.status, play.state.lead_organisation_id) == (S.HANDLING, THIRD)


def test_a_third_return_is_not_ruled_on_without_a_consultation():
    play = asked()
    play.act(Act.RULE_RETURN, REJECTED)
    co_asks(play)
    second = replace(play.state.matters[0], seq=9, organisation_id=THIRD)
    play.state = replace(play.state, matters=(*play.state.matters, second))
    with pytest.raises(ConsultationNeeded):
        play.try_to(Act.RULE_RETURN, CO_UPHELD)


def test_more_time_for_a_lead_that_leads_no_more_is_not_ruled_on():
    play = play_to(S.HANDLING)
    play.act(Act.REQUEST_EXTENSION)
    play.act(Act.CONSENT_EXTENSION)
    play.act(Act.CONVENE)
    play.act(Act.CONCLUDE_CONSULTATION, Conclusion("改由第三单位主办。", THIRD))
    assert play.state.matters[0].outcome is MatterOutcome.LAPSED
    with pytest.raises(IllegalTransition):
        play.try_to(Act.RULE_EXTENSION)


def test_the_same_lead_still_waits_for_its_time():
    play = play_to(S.HANDLING)
    play.act(Act.REQUEST_EXTENSION)
    play.act(Act.CONSENT_EXTENSION)
    play.act(Act.CONVENE)
    play.act(Act.CONCLUDE_CONSULTATION)
    play.act(Act.RULE_EXTENSION)
    assert play.state.matters[0].outcome is MatterOutcome.GRANTED


def test_a_conclusion_settles_the_returns_that_wait():
    play = asked()
    co_asks(play)
    play.act(Act.CONVENE)
    play.act(Act.CONCLUDE_CONSULTATION, Conclusion("会商确定主办单位。", THIRD, (CO,)))
    outcomes = {one.organisation_id: one.outcome for one in play.state.matters}
    assert outcomes == {
        LEAD: MatterOutcome.GRANTED,
        CO: MatterOutcome.REJECTED,
        None: MatterOutcome.DONE,
    }
    assert [state_of(play, unit) for unit in (LEAD, CO, THIRD)] == [
        *(A.RETURNED, A.DISPATCHED, A.DISPATCHED),
    ]
    assert play.clock(ClockKind.ASSIGNMENT, LEAD).is_stopped
    assert all(one.is_stopped for one in play.state.clocks if one.kind is ClockKind.RULING)


def test_a_lead_that_did_not_ask_is_relieved_all_the_same():
    play = play_to(S.HANDLING)
    play.act(Act.CONVENE)
    play.act(Act.CONCLUDE_CONSULTATION, Conclusion("会商确定主办单位。", THIRD))
    assert [state_of(play, unit) for unit in (LEAD, CO, THIRD)] == [
        *(A.CANCELLED, A.DISPATCHED, A.DISPATCHED),
    ]
    assert play.clock(ClockKind.ASSIGNMENT, LEAD).is_stopped


def test_who_keeps_the_lead_keeps_its_time():
    play = play_to(S.HANDLING)
    before = play.clock(ClockKind.ASSIGNMENT, LEAD)
    play.act(Act.CONVENE)
    play.act(Act.CONCLUDE_CONSULTATION)
    assert play.clock(ClockKind.ASSIGNMENT, LEAD) == before


@pytest.mark.parametrize("is_binding", [True, False])
def test_who_is_bound_returns_nothing(is_binding):
    play = play_to(S.HANDLING)
    play.act(Act.CONVENE)
    conclusion = Conclusion("会商确定主办单位。", LEAD, (CO,), is_binding=is_binding)
    change = play.act(Act.CONCLUDE_CONSULTATION, conclusion)
    for unit in (LEAD, CO):
        part = play.state.assignment_of(unit)
        assert part is not None
        assert (part.return_until is None) is is_binding
    rules = [one for one in change.records if isinstance(one, RoutingRule)]
    assert [(one.organisation_id, one.is_binding) for one in rules] == [(LEAD, True)] * is_binding


@pytest.mark.parametrize("is_binding", [True, False])
def test_only_a_binding_ruling_sends_it_back_to_who_returned_it(is_binding):
    play = twice_ruled()
    play.act(Act.CONVENE)
    conclusion = Conclusion("会商确定主办单位。", LEAD, is_binding=is_binding)
    if not is_binding:
        with pytest.raises(InvalidInput):
            play.try_to(Act.CONCLUDE_CONSULTATION, conclusion)
        return
    play.act(Act.CONCLUDE_CONSULTATION, conclusion)
    part = play.state.assignment_of(LEAD)
    assert part is not None
    assert (part.state, part.returned_at, part.return_until) == (A.DISPATCHED, None, None)
    assert not play.clock(ClockKind.ASSIGNMENT, LEAD).is_stopped


def test_what_binds_holds_for_the_rounds_to_come():
    play = twice_ruled()
    play.act(Act.CONVENE)
    play.act(Act.CONCLUDE_CONSULTATION, Conclusion("会商确定主办单位。", LEAD))
    for action in (Act.REPLY, Act.RULE_REPLY, Act.RECEIVE_FEEDBACK):
        play.act(action)
    play.act(Act.RECORD_REVISIT, UNSOLVED)
    play.act(Act.DISPATCH, Dispatch(LEAD))
    part = play.state.assignment_of(LEAD)
    assert part is not None
    assert part.return_until is None
