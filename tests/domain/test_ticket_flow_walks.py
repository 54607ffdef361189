"""Whoever does whatever in whatever order: what must hold after every step of any walk."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import sla, ticket_flow
from app.domain.errors import DomainError, Forbidden, IllegalTransition
from app.domain.event_chain import first_break
from app.domain.facts.acceptance import RefusalRuling
from app.domain.facts.aftercare import Rating
from app.domain.facts.countersigning import Countersignature
from app.domain.facts.handling import Approval
from app.domain.facts.rectification import ReviewVerdict, SetAsideRuling
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.permissions import Permission as Act
from app.domain.rating import Verdict
from app.domain.replay import ClockEvent, moves_in, replay
from app.domain.sla_clock import CARDS, Clock, ClockKind, Rung
from app.domain.transitions import TRANSITIONS
from app.domain.vocabulary import FINAL, GONE, Status, UnitRole
from tests.domain.calendars import CALENDAR, shipped
from tests.domain.stage import PLAYERS, Play, row_of, submitted
from tests.domain.story import SOLVED, UNREACHED, UNSOLVED

CHOICES: dict[Act, list[Any]] = {
    Act.COUNTERSIGN: [
        Countersignature(agrees=True),
        Countersignature(agrees=False, note="数据有误"),
    ],
    Act.RULE_REFUSAL: [RefusalRuling(approved=False), RefusalRuling(approved=True)],
    Act.RULE_REPLY: [
        Approval(approved=True),
        Approval(approved=False, note="请补充依据"),
    ],
    Act.RECORD_REVISIT: [UNSOLVED, SOLVED, UNREACHED],
    Act.EVALUATE: [Rating(5), Rating(1)],
    Act.VERIFY_REVIEW: [ReviewVerdict(verdict, "已核查") for verdict in Verdict],
    Act.RULE_SET_ASIDE: [SetAsideRuling(approved, "已裁定") for approved in (True, False)],
}
WARNINGS = (Act.REMIND, Act.ISSUE_CARD)
PARTS = sorted(PLAYERS)
MINUTES = st.sampled_from([0, 1, 45, 600, 5_000, 30_000])
ONE_IN_FOUR = st.integers(0, 3)
ANYTHING = st.sampled_from([(part, row.action) for part in PARTS for row in TRANSITIONS])
CHOSEN = {action: st.sampled_from(choices) for action, choices in CHOICES.items()}


def next_step(play: Play, draw) -> tuple[str, Act]:
    """Mostly something that is open and does not end the story, so that walks get far."""
    offered: dict[Act, list[str]] = {}
    for part in PARTS:
        for action in ticket_flow.allowed_actions(play.state, PLAYERS[part]):
            offered.setdefault(Act(action), []).append(part)
    offered.pop(Act.WITHDRAW, None)
    if not offered or draw(ONE_IN_FOUR) == 0:
        return draw(ANYTHING)
    action = draw(st.sampled_from(sorted(offered)))
    return draw(st.sampled_from(offered[action])), action


def facts_for(play: Play, action: Act, draw) -> Any:
    """Facts for the action; a warning is one that is due, if any is."""
    if action not in WARNINGS:
        return draw(CHOSEN[action]) if action in CHOSEN else None
    for clock in play.state.clocks:
        rung = sla.rung_due(clock, at=play.at)
        if rung and (rung is Rung.REMINDER) == (action is Act.REMIND):
            return warning(clock, rung)
    return warning(play.state.clocks[0], Rung.REMINDER if action is Act.REMIND else Rung.RED)


def warning(clock: Clock, rung: Rung) -> Reminding | CardIssue:
    if rung is Rung.REMINDER:
        return Reminding(clock.kind, clock.organisation_id)
    return CardIssue(clock.kind, rung, clock.organisation_id)


def take(play: Play, step: tuple[str, Act], given_facts: Any) -> bool:
    """Take the step; what is refused must not have been offered, and changes nothing."""
    part, action = step
    before, offered = play.state, ticket_flow.allowed_actions(play.state, PLAYERS[part])
    try:
        play.act(action, given_facts, by=part, at=play.at)
    except (Forbidden, IllegalTransition):
        assert action.value not in offered
        assert play.state is before
        return False
    except DomainError:
        assert action.value in offered
        assert play.state is before
        return False
    assert action.value in offered
    return True


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_rules_hold_on_every_walk(walk):
    play = submitted()
    for _ in range(30):
        play.at += timedelta(minutes=walk.draw(MINUTES))
        step = next_step(play, walk.draw)
        if take(play, step, facts_for(play, step[1], walk.draw)):
            check_chain(play)
            check_clocks(play)
            check_people(play)


def check_chain(play: Play) -> None:
    state, rows = play.state, [row_of(event) for event in play.events]
    assert first_break(state.number, rows, seq=state.event_seq, head=state.event_head) is None
    warnings = [row for row in rows if row["action"] in WARNINGS]
    assert state.event_seq == len(rows)
    assert state.version == len(rows) - len(warnings)


def check_clocks(play: Play) -> None:
    state = play.state
    events = [
        ClockEvent(event.round, event.at, CALENDAR, moves_in(event.facts)) for event in play.events
    ]
    assert replay(events, shipped) == {
        (one.round, one.kind, one.organisation_id): one for one in state.clocks
    }
    standing = [clock for clock in state.clocks if not clock.is_stopped]
    assert all(clock.round == state.round for clock in standing)
    assert not (state.status in FINAL and standing)
    is_waiting = state.status in (Status.SUPPLEMENTING, Status.SUSPENDED)
    running_on = ClockKind.SUSPENSION if state.status is Status.SUSPENDED else None
    warned = [
        clock
        for clock in standing
        if Rung.RED in CARDS[clock.kind] and clock.kind is not running_on
    ]
    assert all(clock.is_paused is is_waiting for clock in warned)


def check_people(play: Play) -> None:
    state = play.state
    live = [one for one in state.assignments if one.round == state.round and one.state not in GONE]
    leads = sum(one.role is UnitRole.LEAD for one in live)
    assert leads <= 1
    assert state.status is not Status.HANDLING or leads == 1
    if state.reply and state.reply.organisation_id and state.reply.released_by:
        assert state.reply.released_by != state.reply.drafted_by
    if play.events[-1].action is Act.RECORD_REVISIT and state.revisit:
        assert state.revisit.revisited_by not in state.handler_account_ids
