"""阶段反馈: who reports, when the next report is due, and what the clock does."""

from datetime import date

import pytest

from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.progress import Progress
from app.domain.facts.warnings import CardIssue
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind, Rung
from app.domain.vocabulary import Status, TicketClass
from tests.domain.calendars import local
from tests.domain.stage import Play, play_to

C = TicketClass


def handled(ticket_class: TicketClass = C.NORMAL, status: Status = Status.HANDLING) -> Play:
    """Accepted on Monday, June 1st, and handled since."""
    return play_to(status, accept=Acceptance(ticket_class, "utilities"))


def report(day: str | None) -> Progress:
    return Progress("设备已发货，等待安装", date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("ticket_class", "due"),
    [
        (C.NORMAL, "2026-06-04 17:30"),
        (C.COMPLEX, "2026-06-08 17:30"),
        (C.HARD, "2026-06-08 17:30"),
        (C.URGENT, "2026-06-01 14:01"),
    ],
)
def test_the_first_report_is_due_by_the_class(ticket_class, due):
    coordinator = {"by": "coordinator"}
    play = play_to(Status.SUBMITTED)
    play.act(Act.ACCEPT, Acceptance(ticket_class, "utilities"), **coordinator)
    assert play.clock(ClockKind.STAGE_REPORT).due_at == local(due)
    accepted = play.clock(ClockKind.STAGE_REPORT)
    play.act(Act.DISPATCH, at=local("2026-06-01 11:00"))
    assert play.clock(ClockKind.STAGE_REPORT) == accepted  # to wait for units costs the enterprise


def test_a_consultation_owes_no_reports():
    play = handled(C.CONSULT)
    play.act(Act.REPORT_PROGRESS, report(None))
    assert not [one for one in play.state.clocks if one.kind is ClockKind.STAGE_REPORT]


def test_each_report_starts_the_next_one():
    play = handled()
    play.act(Act.REPORT_PROGRESS, report("2026-06-03"), at=local("2026-06-02 10:00"))
    assert play.clock(ClockKind.STAGE_REPORT).due_at == local("2026-06-03 17:30")
    play.act(Act.REPORT_PROGRESS, report("2026-06-08"), at=local("2026-06-03 10:00"))
    assert play.clock(ClockKind.STAGE_REPORT).due_at == local("2026-06-08 17:30")
    assert play.events[-1].is_public


def test_urgent_reports_follow_by_the_hour():
    play = handled(C.URGENT)
    play.act(Act.REPORT_PROGRESS, report(None), at=local("2026-06-01 20:00"))
    assert play.clock(ClockKind.STAGE_REPORT).due_at == local("2026-06-02 00:00")
    with pytest.raises(InvalidInput):
        play.act(Act.REPORT_PROGRESS, report("2026-06-02"))


@pytest.mark.parametrize("day", [None, "2026-05-29", "2026-06-05", "2026-06-06"])
def test_the_next_report_is_named_within_the_limit(day):
    with pytest.raises(InvalidInput) as refusal:
        handled().act(Act.REPORT_PROGRESS, report(day))
    assert refusal.value.errors[0].pointer == "/next_report_on"


def test_a_contact_that_is_still_to_come_is_refused():
    with pytest.raises(InvalidInput):
        handled().act(
            Act.REPORT_PROGRESS, Progress("已联系企业", date(2026, 6, 3), local("2026-06-02 10:00"))
        )


def test_a_late_report_gets_a_card():
    play = handled()
    card = CardIssue(ClockKind.STAGE_REPORT, Rung.RED)
    play.act(Act.ISSUE_CARD, card, at=local("2026-06-05 09:00"))
    assert play.clock(ClockKind.STAGE_REPORT).overdue_at


def test_no_report_is_awaited_after_the_reply_nor_in_a_suspension():
    play = handled()
    for action in (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY):
        play.act(action)
    assert play.clock(ClockKind.STAGE_REPORT).is_stopped
    assert play_to(Status.SUSPENDED).clock(ClockKind.STAGE_REPORT).is_paused


def test_the_next_round_owes_reports_anew():
    play = play_to(Status.COORDINATING)
    play.act(Act.DISPATCH)
    clock = play.clock(ClockKind.STAGE_REPORT)
    assert (clock.round, clock.started_at) == (2, play.at)


@pytest.mark.parametrize("part", ["handler", "housekeeper", "coordinator"])
def test_who_reports(part):
    assert handled().act(Act.REPORT_PROGRESS, by=part).event.to_status is Status.HANDLING


def test_who_only_helps_does_not_report():
    with pytest.raises(Forbidden):
        handled().act(Act.REPORT_PROGRESS, by="co_unit_handler")
    with pytest.raises(IllegalTransition):
        play_to(Status.SUSPENDED).act(Act.REPORT_PROGRESS)
