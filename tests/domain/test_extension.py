"""延期: who asks, who decides, how often, how far, and what it does to the clocks."""

from dataclasses import replace

import pytest

from app.domain import sla
from app.domain.actor import Role
from app.domain.clock_moves import ClockMove, Verb
from app.domain.decisions.extension import ExtensionTooLate, NotExtendable
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.extension import ExtensionRequest, Ruling
from app.domain.facts.warnings import CardIssue
from app.domain.limits import Limit, Unit
from app.domain.matters import OpenMatter, open_matters
from app.domain.permissions import Permission as Act
from app.domain.replay import ClockEvent, moves_in, replay
from app.domain.sla_clock import ClockKind, Rung
from app.domain.sla_explanation import explain
from app.domain.ticket_flow import allowed_actions
from app.domain.vocabulary import MatterKind, MatterOutcome, Status, TicketClass
from tests.domain.calendars import CALENDAR, local, shipped
from tests.domain.ladders import FULL
from tests.domain.stage import LADDERS, LEAD, PLAYERS, Play, play_to

REFUSED = Ruling(approved=False, note="进度允许，不必延期")


def handled(ticket_class: TicketClass = TicketClass.NORMAL) -> Play:
    """Dispatched on Monday; of the normal class due next Monday at closing."""
    return play_to(Status.HANDLING, accept=Acceptance(ticket_class, "utilities"))


def ask(days: int) -> ExtensionRequest:
    return ExtensionRequest(days, "设备到货晚于计划", "到货后两日内装好")


def extended(play: Play, days: int, by: str = "coordinator") -> Play:
    play.act(Act.REQUEST_EXTENSION, ask(days), by="unit_approver")
    play.act(Act.RULE_EXTENSION, by=by)
    return play


def test_a_granted_extension_moves_the_promise_and_the_leads_own_clock():
    play = extended(handled(), 3)
    assert play.clock(ClockKind.FINISH).due_at == local("2026-06-11 17:30")
    assert play.clock(ClockKind.ASSIGNMENT, LEAD).due_at == local("2026-06-11 17:30")
    assert play.clock(ClockKind.FINISH).extended_by == 3
    assert play.state.open_matters == ()
    assert play.events[-1].is_public


def test_yellow_moves_to_ninety_per_cent_of_the_longer_time():
    before = handled().clock(ClockKind.FINISH)
    after = extended(handled(), 5).clock(ClockKind.FINISH)
    total = sla.total_seconds(after, CALENDAR)
    assert after.yellow_at
    counted = CALENDAR.working_seconds(after.started_at, after.yellow_at)
    assert total == sla.total_seconds(before, CALENDAR) + 5 * 450 * 60
    assert counted == total - total * 10 // 100


def test_warnings_that_were_given_are_given_afresh():
    play = handled()
    play.act(Act.REQUEST_EXTENSION, ask(3), by="unit_approver")
    play.act(Act.ISSUE_CARD, CardIssue(ClockKind.FINISH, Rung.YELLOW), at=local("2026-06-08 15:00"))
    assert play.clock(ClockKind.FINISH).warned_at
    play.act(Act.RULE_EXTENSION)
    assert play.clock(ClockKind.FINISH).warned_at is None


def test_what_stays_late_keeps_its_card():
    play = handled()
    play.act(Act.REQUEST_EXTENSION, ask(1), by="unit_approver")
    play.act(Act.ISSUE_CARD, CardIssue(ClockKind.FINISH, Rung.RED), at=local("2026-06-10 09:00"))
    play.act(Act.RULE_EXTENSION)
    assert play.clock(ClockKind.FINISH).overdue_at


def test_an_extension_is_replayed_and_explained():
    play = extended(handled(), 3)
    events = [ClockEvent(one.round, one.at, CALENDAR, moves_in(one.facts)) for one in play.events]
    stored = {(one.round, one.kind, one.organisation_id): one for one in play.state.clocks}
    assert replay(events, shipped, LADDERS) == stored
    told = explain(play.clock(ClockKind.FINISH), CALENDAR, at=play.at)
    assert (told.limit.amount, told.extended_by) == (8, 3)
    assert sum(one.seconds for one in told.intervals) // 60 == told.total_minutes


def test_a_paused_clock_gets_more_to_come():
    clock = sla.pause(handled().clock(ClockKind.FINISH), CALENDAR, at=local("2026-06-03 10:00"))
    more = Limit(2, Unit.WORKING_DAYS)
    assert clock.remaining_seconds
    longer = sla.extend(clock, CALENDAR, FULL, more, at=local("2026-06-03 11:00"))
    assert longer.remaining_seconds == clock.remaining_seconds + 2 * 450 * 60
    due = sla.resume(longer, CALENDAR, FULL, at=local("2026-06-03 11:00")).due_at
    plain = sla.resume(clock, CALENDAR, FULL, at=local("2026-06-03 11:00"))
    assert due == sla.extend(plain, CALENDAR, FULL, more, at=local("2026-06-03 11:00")).due_at


def test_a_move_tells_what_is_added():
    move = ClockMove(Verb.EXTEND, ClockKind.FINISH, limit=Limit(3, Unit.WORKING_DAYS))
    assert ClockMove.from_facts(move.to_facts()) == move
    clock, hours = handled().clock(ClockKind.FINISH), Limit(3, Unit.WORKING_MINUTES)
    with pytest.raises(sla.WrongClockState):
        sla.extend(clock, CALENDAR, FULL, hours, at=local("2026-06-03 11:00"))


@pytest.mark.parametrize(
    ("at", "is_in_time"),
    [("2026-06-05 17:29", True), ("2026-06-05 17:30", False), ("2026-06-08 09:00", False)],
)
def test_it_is_asked_for_a_working_day_before_the_due_time(at, is_in_time):
    play = handled()  # due on Monday the 8th at closing
    if is_in_time:
        play.act(Act.REQUEST_EXTENSION, at=local(at))
        return
    with pytest.raises(ExtensionTooLate):
        play.act(Act.REQUEST_EXTENSION, at=local(at))
    play.act(Act.REPLY)  # the work goes on


@pytest.mark.parametrize(
    ("ticket_class", "most"),
    [(TicketClass.NORMAL, 10), (TicketClass.CONSULT, 10), (TicketClass.COMPLEX, 15)],
)
def test_how_far_a_promise_may_be_extended(ticket_class, most):
    with pytest.raises(NotExtendable):
        handled(ticket_class).act(Act.REQUEST_EXTENSION, ask(most + 1))
    extended(handled(ticket_class), most)
    first = extended(handled(ticket_class), most - 4)
    with pytest.raises(NotExtendable):
        first.act(Act.REQUEST_EXTENSION, ask(5))
    extended(first, 4, by="supervisor")


@pytest.mark.parametrize("ticket_class", [TicketClass.URGENT, TicketClass.ARREARS])
def test_what_runs_on_the_calendar_is_not_extended(ticket_class):
    with pytest.raises(NotExtendable):
        handled(ticket_class).act(Act.REQUEST_EXTENSION, ask(1))


def test_the_second_takes_a_supervisor_and_there_is_no_third():
    play = extended(handled(), 2)
    play.act(Act.REQUEST_EXTENSION, ask(2), by="unit_approver")
    assert open_matters(play.state, MatterKind.EXTENSION)[0].needs_supervisor
    with pytest.raises(Forbidden):
        play.act(Act.RULE_EXTENSION, by="coordinator")
    play.act(Act.RULE_EXTENSION, by="supervisor")
    with pytest.raises(NotExtendable, match="最多延期"):
        play.act(Act.REQUEST_EXTENSION, ask(1))


def test_what_was_rejected_counts_for_nothing():
    play = handled()
    play.act(Act.REQUEST_EXTENSION, ask(10), by="unit_approver")
    change = play.act(Act.RULE_EXTENSION, REFUSED)
    assert (change.outcome, change.event.is_public) == ("rejected", False)
    assert play.clock(ClockKind.FINISH).extended_by == 0
    play.act(Act.REQUEST_EXTENSION, ask(10), by="unit_approver")
    assert not open_matters(play.state)[0].needs_supervisor


def test_what_a_handler_asks_the_own_approver_stands_behind_first():
    play = handled()
    assert play.act(Act.REQUEST_EXTENSION).outcome == "to_consent"
    with pytest.raises(IllegalTransition):
        play.act(Act.RULE_EXTENSION)
    assert play.act(Act.CONSENT_EXTENSION).outcome == "to_coordinators"
    assert play.act(Act.RULE_EXTENSION).outcome == "granted"


def test_the_own_approver_may_end_it():
    play = handled()
    play.act(Act.REQUEST_EXTENSION)
    with pytest.raises(InvalidInput):
        play.act(Act.CONSENT_EXTENSION, Ruling(approved=False))
    assert play.act(Act.CONSENT_EXTENSION, REFUSED).outcome == "rejected"
    assert play.state.matters[-1].outcome is MatterOutcome.REJECTED
    assert play.state.open_matters == ()


def test_only_the_lead_asks_and_one_at_a_time():
    play = handled()
    with pytest.raises(Forbidden):
        play.act(Act.REQUEST_EXTENSION, by="co_unit_handler")
    play.act(Act.REQUEST_EXTENSION)
    assert "request_extension" not in allowed_actions(play.state, PLAYERS["handler"])


def test_it_lapses_with_the_release_of_the_reply():
    play = handled()
    play.act(Act.REQUEST_EXTENSION)
    for action in (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY):
        play.act(action)
    assert play.state.matters[-1].outcome is MatterOutcome.LAPSED
    assert play.state.open_matters == ()


@pytest.mark.parametrize("text", ["extension/11/8/1", "extension/11/8/0/supervisor"])
def test_an_open_matter_in_short_is_read_as_it_was_told(text):
    assert str(OpenMatter.parse(text)) == text


def test_who_asked_does_not_decide():
    play = handled()
    play.act(Act.REQUEST_EXTENSION, by="unit_approver")
    opener = PLAYERS["unit_approver"].account_id
    both = replace(PLAYERS["coordinator"], account_id=opener, role=Role.COORDINATOR)
    assert "rule_extension" not in allowed_actions(play.state, both)
