"""不合理诉求: two offices, an explanation, and an answer all the same."""

from dataclasses import replace

import pytest

from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.extension import Ruling
from app.domain.permissions import Permission as Act
from app.domain.ticket_flow import allowed_actions
from app.domain.vocabulary import MatterOutcome, Status
from tests.domain.stage import OFFICE, PLAYERS, Play, play_to

ELSEWHERE = replace(PLAYERS["second_coordinator"], organisation_id=99)


def proposed(by: str = "handler") -> Play:
    play = play_to(Status.HANDLING)
    play.act(Act.PROPOSE_UNREASONABLE, by=by)
    return play


def test_what_is_upheld_is_marked_and_explained():
    play = proposed()
    change = play.act(Act.RULE_UNREASONABLE)
    assert play.state.is_unreasonable
    assert (change.outcome, change.event.is_public) == ("granted", True)
    assert play.state.status is Status.HANDLING  # still to be answered
    with pytest.raises(IllegalTransition):
        play.act(Act.PROPOSE_UNREASONABLE)


def test_what_is_rejected_stays_inside():
    play = proposed()
    with pytest.raises(InvalidInput):
        play.act(Act.RULE_UNREASONABLE, Ruling(approved=False))
    change = play.act(Act.RULE_UNREASONABLE, Ruling(approved=False, note="依据不足"))
    assert (play.state.is_unreasonable, change.event.is_public) == (False, False)


def test_another_office_decides():
    play = proposed(by="coordinator")
    for part in ("coordinator", "second_coordinator"):  # the same person, the same office
        with pytest.raises(Forbidden):
            play.act(Act.RULE_UNREASONABLE, by=part)
    assert PLAYERS["coordinator"].organisation_id == OFFICE
    assert "rule_unreasonable" in allowed_actions(play.state, ELSEWHERE)
    play.act(Act.RULE_UNREASONABLE, by="supervisor")


def test_the_lead_proposes_and_who_only_helps_does_not():
    with pytest.raises(Forbidden):
        proposed(by="co_unit_handler")
    proposed(by="unit_approver")


def test_it_is_answered_and_revisited_and_may_be_decided_meanwhile():
    play = proposed()
    for action in (
        Act.GIVE_OPINION,
        Act.REPLY,
        Act.COUNTERSIGN,
        Act.RULE_REPLY,
        Act.RECEIVE_FEEDBACK,
    ):
        play.act(action)
    play.act(Act.RULE_UNREASONABLE)
    play.act(Act.RECORD_REVISIT)
    assert play.state.status is Status.EVALUATING


def test_an_undecided_one_lapses_at_the_end():
    play = proposed()
    play.act(Act.WITHDRAW)
    assert play.state.matters[-1].outcome is MatterOutcome.LAPSED
