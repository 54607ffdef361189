"""三级协调: a ticket goes up from the desk, and never down."""

import pytest

from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.escalation import Escalation
from app.domain.permissions import Permission as Act
from app.domain.ticket_flow import allowed_actions
from app.domain.vocabulary import EscalationCause, Status
from tests.domain.stage import PLAYERS, Play, play_to
from tests.domain.story import UNSOLVED

UP = Escalation(2, EscalationCause.UNIT_DISPUTE, "两次协调未果")


def at_the_top() -> Play:
    play = play_to(Status.HANDLING)
    play.act(Act.ESCALATE)
    return play


def may_escalate(play: Play, part: str) -> bool:
    return "escalate" in allowed_actions(play.state, PLAYERS[part])


@pytest.mark.parametrize(
    "status", [Status.ACCEPTED, Status.COORDINATING, Status.HANDLING, Status.SUSPENDED]
)
def test_a_coordinator_raises_it_to_the_consultation(status):
    play = play_to(status)
    clocks = play.state.clocks
    change = play.act(Act.ESCALATE, UP, by="coordinator")
    assert (play.state.tier, play.state.status, play.state.clocks) == (2, status, clocks)
    assert change.values["escalation_cause"] == "unit_dispute"
    assert (change.outcome, change.event.is_public) == ("tier_2", True)
    assert change.event.facts["explanation"]


def test_only_a_supervisor_raises_it_to_the_joint_meeting():
    play = play_to(Status.HANDLING)
    with pytest.raises(InvalidInput) as error:
        play.act(Act.ESCALATE, by="coordinator")
    assert [(one.pointer, one.code) for one in error.value.errors] == [("/tier", "supervisor")]
    assert play.act(Act.ESCALATE).outcome == "tier_3"
    assert play.state.tier == 3


def test_it_goes_up_and_never_down():
    play = play_to(Status.HANDLING)
    play.act(Act.ESCALATE, UP, by="coordinator")
    with pytest.raises(Forbidden):  # the next tier is not the coordinator's
        play.act(Act.ESCALATE, UP, by="coordinator")
    with pytest.raises(InvalidInput) as error:
        play.act(Act.ESCALATE, UP)
    assert error.value.errors[0].code == "not-higher"
    play.act(Act.ESCALATE)
    with pytest.raises(IllegalTransition):
        play.act(Act.ESCALATE)


def test_the_list_shows_to_whom_it_is_open():
    play = play_to(Status.HANDLING)
    assert may_escalate(play, "coordinator")
    assert not may_escalate(play, "handler")
    play.act(Act.ESCALATE, UP, by="coordinator")
    assert (may_escalate(play, "coordinator"), may_escalate(play, "supervisor")) == (False, True)
    assert not may_escalate(at_the_top(), "supervisor")


def test_the_next_round_stays_where_it_was_raised_to():
    play = at_the_top()
    for action in (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY):
        play.act(action)
    play.act(Act.RECEIVE_FEEDBACK)
    play.act(Act.RECORD_REVISIT, UNSOLVED)
    assert (play.state.round, play.state.tier) == (2, 3)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.FEEDBACK, Status.EVALUATING])
def test_only_what_is_worked_on_is_raised(status):
    with pytest.raises(IllegalTransition):
        play_to(status).act(Act.ESCALATE)
