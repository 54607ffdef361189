"""What the course of a ticket does to its clocks. 2026-06-01 is a Monday of an ordinary week."""

import pytest

from app.domain.facts.acceptance import Acceptance
from app.domain.facts.handling import Approval
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import Kind, Status, TicketClass
from tests.domain.calendars import CALENDAR, local
from tests.domain.stage import CO, LEAD, POLICIES, Play, play_to, submitted
from tests.domain.story import MONDAY, PATHS, SECOND_NOTICE, UNSOLVED

S = Status
SHOWN = {
    S.SUBMITTED: ClockKind.ACCEPT,
    S.SUPPLEMENTING: ClockKind.ACCEPT,
    S.ACCEPTED: ClockKind.FINISH,
    S.COORDINATING: ClockKind.FINISH,
    S.HANDLING: ClockKind.FINISH,
    S.SUSPENDED: ClockKind.FINISH,
    S.REVISITING: ClockKind.REVISIT,
    S.EVALUATING: ClockKind.EVALUATION,
}
NORMAL = Acceptance(TicketClass.NORMAL, "utilities")


def due(play: Play, kind: ClockKind, organisation: int | None = None) -> str:
    due_at = play.clock(kind, organisation).due_at
    return f"{due_at:%m-%d %H:%M}"


def test_contact_and_acceptance_run_from_the_submission():
    play = submitted()
    assert due(play, ClockKind.FIRST_CONTACT) == "06-01 12:00"
    assert due(play, ClockKind.ACCEPT) == "06-02 17:30"


@pytest.mark.parametrize(
    ("kind", "accept_due"),
    [(Kind.CONSULTATION, "06-01 12:00"), (Kind.COMPLAINT, "06-02 17:30")],
)
def test_a_consultation_is_accepted_within_hours(kind, accept_due):
    assert due(submitted(kind=kind), ClockKind.ACCEPT) == accept_due


def test_a_submission_at_night_counts_from_the_next_opening():
    assert due(submitted(local("2026-05-29 22:00")), ClockKind.FIRST_CONTACT) == "06-01 10:30"


@pytest.mark.parametrize("accepted_at", ["2026-06-01 10:05", "2026-06-02 17:00"])
def test_the_finish_counts_from_the_submission_whenever_it_is_accepted(accepted_at):
    play = submitted()
    play.act(Act.ACCEPT, NORMAL, at=local(accepted_at))
    assert due(play, ClockKind.FINISH) == "06-08 17:30"
    assert play.clock(ClockKind.FINISH).started_at == MONDAY


def test_the_finish_leaves_out_the_pauses():
    play = submitted()
    play.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-01 11:00"))
    play.act(Act.SUPPLY, at=local("2026-06-03 11:00"))
    play.act(Act.ACCEPT, NORMAL, at=local("2026-06-03 15:00"))
    assert due(play, ClockKind.FINISH) == "06-10 17:30"
    assert play.clock(ClockKind.FINISH).pauses == play.clock(ClockKind.ACCEPT).pauses


def test_waiting_for_material_costs_not_a_minute():
    play = submitted()
    play.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-01 11:00"))
    paused = play.clock(ClockKind.ACCEPT)
    assert paused.remaining_seconds == CALENDAR.working_seconds(
        local("2026-06-01 11:00"), local("2026-06-02 17:30")
    )
    assert paused.due_at is None
    play.act(Act.SUPPLY, at=local("2026-06-04 15:00"))
    resumed = play.clock(ClockKind.ACCEPT)
    assert resumed.due_at is not None
    left = CALENDAR.working_seconds(local("2026-06-04 15:00"), resumed.due_at)
    assert left == paused.remaining_seconds


def test_two_pauses_add_up():
    play = submitted()
    first, second = ("01 11:00", "02 11:00", None), ("02 13:30", "03 13:30", SECOND_NOTICE)
    for asked, supplied, notice in (first, second):
        play.act(Act.REQUEST_SUPPLEMENT, notice, at=local(f"2026-06-{asked}"))
        play.act(Act.SUPPLY, at=local(f"2026-06-{supplied}"))
    assert due(play, ClockKind.ACCEPT) == "06-04 17:30"
    play.act(Act.ACCEPT, NORMAL, at=local("2026-06-03 14:00"))
    assert due(play, ClockKind.FINISH) == "06-10 17:30"


def test_the_enterprise_has_its_own_limit_for_the_material():
    play = submitted()
    play.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-01 11:00"))
    assert due(play, ClockKind.SUPPLEMENT) == "06-08 17:30"
    play.act(Act.SUPPLY, at=local("2026-06-03 11:00"))
    assert play.clock(ClockKind.SUPPLEMENT).is_stopped


def test_a_contact_already_made_is_not_started_again_by_the_material():
    play = submitted()
    play.act(Act.FIRST_CONTACT, at=local("2026-06-01 10:30"))
    play.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-01 11:00"))
    play.act(Act.SUPPLY, at=local("2026-06-03 11:00"))
    assert play.clock(ClockKind.FIRST_CONTACT).stopped_at == local("2026-06-01 10:30")


def test_units_are_clocked_from_the_dispatch_not_from_signing():
    play = play_to(S.ACCEPTED)
    play.act(Act.DISPATCH, at=local("2026-06-02 10:00"))
    before = due(play, ClockKind.ASSIGNMENT, LEAD), due(play, ClockKind.OPINION, CO)
    assert before == ("06-09 17:30", "06-05 17:30")
    play.act(Act.SIGN_FOR, at=local("2026-06-04 10:00"))
    assert (due(play, ClockKind.ASSIGNMENT, LEAD), due(play, ClockKind.OPINION, CO)) == before


def test_a_reply_sent_back_does_not_stop_the_clock():
    play = play_to(S.HANDLING)
    started = play.clock(ClockKind.ASSIGNMENT, LEAD)
    for action in (Act.GIVE_OPINION, Act.REPLY):
        play.act(action)
    play.act(Act.RULE_REPLY, Approval(approved=False, note="请补充"))
    assert play.clock(ClockKind.ASSIGNMENT, LEAD) == started


@pytest.mark.parametrize(
    ("ticket_class", "half"),
    [
        (TicketClass.CONSULT, 1),
        (TicketClass.URGENT, 720),
        (TicketClass.NORMAL, 3),
        (TicketClass.COMPLEX, 8),
        (TicketClass.HARD, 15),
    ],
)
def test_the_next_round_has_half_the_limit(ticket_class, half):
    play = submitted()
    play.act(Act.ACCEPT, Acceptance(ticket_class, "utilities"), by="coordinator")
    for action in (Act.ANSWER_DIRECTLY, Act.RECEIVE_FEEDBACK):
        play.act(action)
    play.act(Act.RECORD_REVISIT, UNSOLVED)
    again = play.clock(ClockKind.FINISH)
    assert (again.round, again.limit_amount, again.started_at) == (2, half, play.at)
    play.act(Act.DISPATCH)
    assert play.clock(ClockKind.ASSIGNMENT, LEAD).limit_amount == half
    assert play.clock(ClockKind.OPINION, CO).limit_amount == 3


def test_half_of_what_was_promised():
    play = submitted()
    play.act(Act.ACCEPT, Acceptance(TicketClass.APPROVAL, "approval", promised_days=9))
    for action in (Act.ANSWER_DIRECTLY, Act.RECEIVE_FEEDBACK):
        play.act(action)
    play.act(Act.RECORD_REVISIT, UNSOLVED)
    assert play.clock(ClockKind.FINISH).limit_amount == 5


def test_the_revisit_is_due_by_the_end_of_the_next_working_day():
    assert due(play_to(S.REVISITING, local("2026-06-05 16:00")), ClockKind.REVISIT) == "06-08 17:30"


def test_the_window_for_rating_is_fifteen_calendar_days():
    play = play_to(S.EVALUATING)
    closes = play.clock(ClockKind.EVALUATION).due_at
    assert closes is not None
    assert (closes - play.at).days == 15


@pytest.mark.parametrize("status", PATHS)
def test_a_ticket_shows_the_clock_that_leads_in_its_status(status):
    play = submitted()
    values = play.act(Act.FIRST_CONTACT).values if status is S.SUBMITTED else {}
    if status is not S.SUBMITTED:
        play = play_to(status)
        values = last_values(status)
    kind = SHOWN.get(status)
    clock = play.clock(kind) if kind else None
    shown = (values["due_at"], values["yellow_at"], values["remaining_seconds"])
    assert shown == (
        (clock.due_at, clock.yellow_at, clock.remaining_seconds) if clock else (None, None, None)
    )


def last_values(status: Status) -> dict:
    """The ticket's columns after the last step to `status`."""
    *path, last = PATHS[status]
    play = submitted()
    for action in path:
        play.act(action)
    return dict(play.act(last, UNSOLVED if status is S.COORDINATING else None).values)


def test_policies_are_frozen_with_the_clock():
    clock = play_to(S.ACCEPTED).clock(ClockKind.FINISH)
    assert clock.policy_id == POLICIES[TicketClass.NORMAL, ClockKind.FINISH].id
    assert clock.calendar_version == CALENDAR.version
