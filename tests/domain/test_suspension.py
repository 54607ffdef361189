"""挂起: who asks and who decides, what stands still meanwhile, and that no minute is lost."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain import sla
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.extension import Ruling
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.matters import open_matters
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind, Rung
from app.domain.vocabulary import MatterOutcome, Status
from tests.domain.calendars import CALENDAR, local
from tests.domain.stage import LEAD, Play, play_to
from tests.domain.story import suspension

REFUSED = Ruling(approved=False, note="理由不成立")


def suspended(start: Status = Status.HANDLING, days: int = 5) -> Play:
    play = play_to(start)
    play.act(Act.REQUEST_SUSPENSION, suspension(days, play.at), by="second_coordinator")
    play.act(Act.RULE_SUSPENSION)
    return play


@pytest.mark.parametrize("start", [Status.ACCEPTED, Status.COORDINATING, Status.HANDLING])
def test_it_comes_back_to_where_it_stood_with_every_minute_left(start):
    play = play_to(start)
    play.act(Act.REQUEST_SUSPENSION, by="second_coordinator")
    step, before = play.state.step, play.clock(ClockKind.FINISH)
    play.act(Act.RULE_SUSPENSION)
    assert (play.state.status, play.state.step) == (Status.SUSPENDED, step)
    left = sla.seconds_left(before, CALENDAR, at=play.at)
    play.act(Act.RESUME, at=local("2026-06-16 15:00"))
    assert (play.state.status, play.state.suspended_from) == (start, None)
    after = play.clock(ClockKind.FINISH)
    assert sla.seconds_left(after, CALENDAR, at=play.at) == left


def test_all_clocks_of_the_round_stand_still_and_one_runs_to_the_next_look():
    play = suspended()
    standing = {one.kind: one for one in play.state.clocks if not one.is_stopped}
    look = standing.pop(ClockKind.SUSPENSION)
    assert standing.keys() >= {ClockKind.FINISH, ClockKind.ASSIGNMENT, ClockKind.OPINION}
    assert all(clock.is_paused for clock in standing.values())
    assert look.due_at == local("2026-06-02 17:30")
    play.act(Act.RESUME)
    assert all(not one.is_paused for one in play.state.clocks)
    assert play.clock(ClockKind.SUSPENSION).is_stopped
    assert play.clock(ClockKind.ASSIGNMENT, LEAD).is_running


def test_coordinators_are_reminded_and_carded_of_the_next_look():
    play = suspended()
    play.act(Act.REMIND, Reminding(ClockKind.SUSPENSION), at=local("2026-06-02 15:00"))
    card = CardIssue(ClockKind.SUSPENSION, Rung.RED)
    play.act(Act.ISSUE_CARD, card, at=local("2026-06-03 09:00"))
    assert play.state.status is Status.SUSPENDED  # it never goes on by itself


@pytest.mark.parametrize(("days", "needs_supervisor"), [(10, False), (11, True)])
def test_above_ten_days_a_supervisor_decides(days, needs_supervisor):
    play = play_to(Status.HANDLING)
    play.act(Act.REQUEST_SUSPENSION, suspension(days, play.at))
    assert open_matters(play.state)[0].needs_supervisor is needs_supervisor
    if needs_supervisor:
        with pytest.raises(Forbidden):
            play.act(Act.RULE_SUSPENSION, by="coordinator")
    play.act(Act.RULE_SUSPENSION, by="supervisor" if needs_supervisor else "coordinator")


def test_what_was_granted_in_the_round_counts_together():
    play = suspended(days=6)
    play.act(Act.REQUEST_SUSPENSION, suspension(5, play.at), by="second_coordinator")
    assert open_matters(play.state)[0].needs_supervisor


def test_a_longer_one_is_asked_for_anew_and_pauses_nothing_twice():
    play = suspended(days=4)
    play.act(Act.REQUEST_SUSPENSION, suspension(5, local("2026-06-03 09:00")), by="coordinator")
    play.act(Act.RULE_SUSPENSION, by="second_coordinator")
    assert play.clock(ClockKind.SUSPENSION).due_at == local("2026-06-04 17:30")
    play.act(Act.RESUME)
    assert play.state.status is Status.HANDLING


def test_who_asked_for_more_asks_in_vain_once_it_goes_on():
    play = suspended()
    play.act(Act.REQUEST_SUSPENSION, suspension(2, play.at), by="coordinator")
    play.act(Act.RESUME)
    assert play.state.matters[-1].outcome is MatterOutcome.LAPSED
    assert play.state.open_matters == ()


def test_two_people_suspend():
    play = play_to(Status.HANDLING)
    play.act(Act.REQUEST_SUSPENSION, by="coordinator")
    with pytest.raises(Forbidden):
        play.act(Act.RULE_SUSPENSION, by="coordinator")
    change = play.act(Act.RULE_SUSPENSION, REFUSED, by="second_coordinator")
    assert (change.outcome, change.event.is_public) == ("rejected", False)
    assert play.state.status is Status.HANDLING


def test_only_the_lead_and_coordinators_ask():
    play = play_to(Status.ACCEPTED)
    with pytest.raises(Forbidden):
        play.act(Act.REQUEST_SUSPENSION, by="unit_approver")
    with pytest.raises(IllegalTransition):
        play_to(Status.FEEDBACK).act(Act.REQUEST_SUSPENSION, by="coordinator")


def test_nobody_works_on_what_is_suspended():
    play = suspended()
    for action in (Act.REPLY, Act.REQUEST_EXTENSION, Act.SIGN_FOR):
        with pytest.raises(IllegalTransition):
            play.act(action)
    play.act(Act.WITHDRAW)
    assert (play.state.status, play.state.suspended_from) == (Status.WITHDRAWN, None)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"attachment_ids": ()}, "/attachment_ids"),
        ({"next_check_on": date(2026, 5, 29)}, "/next_check_on"),
        ({"next_check_on": date(2026, 6, 6)}, "/next_check_on"),
        ({"next_check_on": date(2026, 6, 9), "days": 5}, "/next_check_on"),
    ],
)
def test_what_a_request_must_bring(changes, pointer):
    play = play_to(Status.HANDLING)
    with pytest.raises(InvalidInput) as refusal:
        play.act(Act.REQUEST_SUSPENSION, replace(suspension(5, play.at), **changes))
    assert refusal.value.errors[0].pointer == pointer
