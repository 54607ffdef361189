"""容缺: promised material is no pause; without it nothing ends; too late, the case goes back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.decisions.aftercare import NotYet
from app.domain.decisions.deferral import DeferralOpen
from app.domain.errors import IllegalTransition, InvalidInput
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.deferral import Deferral
from app.domain.facts.handling import Opinion
from app.domain.matters import open_matters
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import (
    AssignmentState,
    LapseGround,
    MatterKind,
    MatterOutcome,
    Status,
    TicketClass,
)
from tests.domain.calendars import local
from tests.domain.stage import Play, submitted

S = Status
FRIDAY = date(2026, 6, 5)
PROMISED = Acceptance(
    TicketClass.APPROVAL,
    "approval",
    promised_days=5,
    deferral=Deferral(("环评批复",), FRIDAY),
)


def until(day: date) -> Acceptance:
    return replace(PROMISED, deferral=Deferral(("环评批复",), day))


def accepted(given: Acceptance = PROMISED) -> Play:
    play = submitted()
    play.act(Act.ACCEPT, given)
    return play


def test_the_promise_runs_beside_the_item_until_its_day_closes():
    play = accepted()
    [matter] = open_matters(play.state, MatterKind.DEFERRAL)
    assert matter.is_consented
    assert play.clock(ClockKind.DEFERRAL).due_at == local("2026-06-05 17:30")
    assert play.clock(ClockKind.FINISH).due_at == local("2026-06-08 17:30")
    assert play.clock(ClockKind.FINISH).is_running


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 6, 9), "range"),  # the item itself is due on the 8th
        (date(2026, 6, 6), "working-day"),  # a Saturday
        (date(2026, 6, 1), "working-day"),  # today
        (date(2026, 5, 1), "working-day"),
    ],
)
def test_what_cannot_be_promised(day, code):
    with pytest.raises(InvalidInput) as error:
        submitted().try_to(Act.ACCEPT, until(day))
    assert (error.value.errors[0].pointer, error.value.errors[0].code) == (
        *("/deferral/promise_date", code),
    )


def test_the_last_day_of_the_item_may_be_promised():
    play = accepted(until(date(2026, 6, 8)))
    assert play.clock(ClockKind.DEFERRAL).due_at == play.clock(ClockKind.FINISH).due_at


def test_only_approval_items_defer():
    given = replace(PROMISED, ticket_class=TicketClass.NORMAL, promised_days=None)
    with pytest.raises(InvalidInput) as error:
        submitted().try_to(Act.ACCEPT, given)
    assert error.value.errors[0].pointer == "/deferral"


def test_no_result_goes_out_before_it_has_come():
    play = accepted()
    with pytest.raises(DeferralOpen) as refusal:
        play.try_to(Act.ANSWER_DIRECTLY)
    assert "环评批复" in refusal.value.detail
    assert "2026-06-05" in refusal.value.detail
    play.act(Act.DISPATCH)
    play.act(Act.REPLY)
    play.act(Act.GIVE_OPINION, Opinion("同意", countersigns=True))
    with pytest.raises(DeferralOpen):
        play.try_to(Act.RULE_REPLY)
    play.act(Act.SUPPLY_DEFERRED)
    assert play.try_to(Act.RULE_REPLY).outcome == "released"


def test_what_has_come_is_settled():
    play = accepted()
    change = play.act(Act.SUPPLY_DEFERRED)
    [matter] = play.state.matters
    assert (matter.outcome, play.state.open_matters) == (MatterOutcome.DONE, ())
    assert play.clock(ClockKind.DEFERRAL).stopped_at == play.at
    assert change.event.is_public
    with pytest.raises(IllegalTransition):
        play.try_to(Act.SUPPLY_DEFERRED)


def test_the_case_goes_back_when_the_day_has_passed():
    play = accepted()
    play.act(Act.DISPATCH)
    play.at = local("2026-06-05 17:30")
    with pytest.raises(NotYet):
        play.try_to(Act.FAIL_DEFERRAL)
    change = play.act(Act.FAIL_DEFERRAL, at=play.at + timedelta(seconds=1))
    assert play.state.status is S.WITHDRAWN
    assert change.values["lapse_ground"] is LapseGround.DEFERRAL_FAILED
    assert {one.state for one in play.state.assignments} == {AssignmentState.CANCELLED}
    assert all(one.is_stopped for one in play.state.clocks)
    assert play.state.matters[0].outcome is MatterOutcome.LAPSED


def test_what_comes_late_is_taken_as_long_as_nobody_has_sent_the_case_back():
    play = accepted()
    play.act(Act.SUPPLY_DEFERRED, at=local("2026-06-08 10:00"))
    with pytest.raises(IllegalTransition):
        play.try_to(Act.FAIL_DEFERRAL)
