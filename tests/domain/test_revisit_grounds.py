"""必访 or by lot: what is decided when an answer is delivered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.facts.acceptance import Acceptance
from app.domain.facts.aftercare import Receipt
from app.domain.permissions import Permission as Act
from app.domain.revisit_grounds import RevisitGround
from app.domain.sla_clock import ClockKind
from app.domain.ticket_records import RevisitLot
from app.domain.ticket_state import TicketState
from app.domain.vocabulary import Channel, Kind, ResultCode, Status, TicketClass
from tests.domain.lots import DRAWN, SPARED
from tests.domain.stage import Play, play_to
from tests.domain.story import ANSWER

S, G = Status, RevisitGround


def late(state: TicketState) -> TicketState:
    clocks = [
        replace(clock, due_at=clock.started_at) if clock.kind is ClockKind.FINISH else clock
        for clock in state.clocks
    ]
    return replace(state, clocks=tuple(clocks))


def extended(state: TicketState) -> TicketState:
    return replace(state, clocks=(replace(state.clocks[-1], extended_by=1), *state.clocks[:-1]))


def answered(code: ResultCode) -> Callable[[TicketState], TicketState]:
    def made(state: TicketState) -> TicketState:
        assert state.reply is not None
        return replace(state, reply=replace(state.reply, result_code=code))

    return made


MADE = {
    G.COMPLAINT: lambda state: replace(state, kind=Kind.COMPLAINT),
    G.URGENT: lambda state: replace(state, ticket_class=TicketClass.URGENT),
    G.HARD: lambda state: replace(state, ticket_class=TicketClass.HARD),
    G.OVERDUE: late,
    G.EXTENDED: extended,
    G.NOT_SOLVED: answered(ResultCode.EXPLAINED),
    G.ESCALATED: lambda state: replace(state, tier=2),
    G.UNREASONABLE: lambda state: replace(state, is_unreasonable=True),
    G.LEADER_ASSIGNED: lambda state: replace(state, channel=Channel.LEADER_MEETING),
}


def delivered(play: Play, facts: Receipt):
    return play.act(Act.RECEIVE_FEEDBACK, facts)


@pytest.mark.parametrize("ground", MADE, ids=str)
def test_each_ground_alone_asks_for_a_revisit(ground):
    play = play_to(S.FEEDBACK)
    play.state = MADE[ground](play.state)
    change = delivered(play, Receipt())
    assert play.state.status is S.REVISITING
    assert change.event.facts["revisit_grounds"] == [ground]
    assert "lot" not in change.event.facts


@pytest.mark.parametrize("code", [ResultCode.PARTLY, ResultCode.TRACKED_OPEN])
def test_whatever_is_not_solved_is_revisited(code):
    play = play_to(S.FEEDBACK)
    play.state = answered(code)(play.state)
    assert delivered(play, Receipt()).event.facts["revisit_grounds"] == [G.NOT_SOLVED]


def test_what_goes_round_again_is_revisited():
    play = play_to(S.COORDINATING)
    for action in (Act.DISPATCH, Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY):
        play.act(action)
    assert G.REWORKED in delivered(play, Receipt()).event.facts["revisit_grounds"]


def test_a_key_project_is_revisited_by_what_the_register_says():
    play = play_to(S.FEEDBACK)
    facts = delivered(play, Receipt(is_key_project=True)).event.facts
    assert facts["revisit_grounds"] == [G.KEY_PROJECT]


def test_a_ground_spares_the_lot():
    play = play_to(S.FEEDBACK, accept=Acceptance(TicketClass.URGENT, "utilities"))
    change = delivered(play, Receipt(lot=SPARED))
    assert play.state.status is S.REVISITING
    assert not [one for one in change.records if isinstance(one, RevisitLot)]


def test_what_is_drawn_is_revisited():
    play = play_to(S.FEEDBACK)
    change = delivered(play, Receipt(lot=DRAWN))
    assert (play.state.status, change.outcome) == (S.REVISITING, None)
    assert change.event.facts["lot"]["number"] == DRAWN.number
    assert RevisitLot(1, 1, 1, is_drawn=True) in change.records


def test_what_is_spared_is_rated_at_once():
    play = play_to(S.FEEDBACK)
    change = delivered(play, Receipt(lot=SPARED))
    assert (play.state.status, change.outcome) == (S.EVALUATING, "exempt")
    assert play.state.revisit is None
    assert play.clock(ClockKind.EVALUATION).is_running
    assert play.clock(ClockKind.OBJECTION).is_running
    assert not [one for one in play.state.clocks if one.kind is ClockKind.REVISIT]
    assert change.event.facts["lot"]["is_drawn"] is False
    play.act(Act.EVALUATE)
    play.act(Act.ARCHIVE)
    assert play.state.status is S.ARCHIVED


def test_what_is_spared_can_be_objected_to():
    play = play_to(S.FEEDBACK)
    delivered(play, Receipt(lot=SPARED))
    play.act(Act.OBJECT, at=play.at + timedelta(days=1))
    assert (play.state.status, play.state.round) == (S.COORDINATING, 2)


def test_without_ground_and_lot_nothing_is_decided():
    with pytest.raises(LookupError):
        play_to(S.FEEDBACK).try_to(Act.RECEIVE_FEEDBACK, Receipt())


def test_a_direct_answer_counts_like_any_other():
    play = play_to(S.ACCEPTED)
    partly = replace(ANSWER, result_code=ResultCode.PARTLY, unsolved_reason="设备未到货")
    play.act(Act.ANSWER_DIRECTLY, partly)
    assert delivered(play, Receipt()).event.facts["revisit_grounds"] == [G.NOT_SOLVED]
