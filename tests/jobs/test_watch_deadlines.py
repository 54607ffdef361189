"""Reminder, yellow, red, each once; of what was missed while nobody watched the latest alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.facts.aftercare import Rating
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Kind, Status
from app.models.notification import Notification
from app.models.ticket_event import TicketEvent
from jobs.watch_deadlines import watch_deadlines
from services.tickets.due import due_warnings
from tests.domain.calendars import local
from tests.domain.story import MINUTE, SECOND_NOTICE, USUAL, usual_facts
from tests.factories import Case, make_account, make_ticket

pytestmark = pytest.mark.usefixtures("database")

WARNINGS = ("remind", "issue_card")


def watched(at: str) -> list[tuple[str, str]]:
    """The warnings that a watch at `at` gives: clock and rung."""
    before = len(warnings())
    with clock.frozen(local(at)):
        outcome = watch_deadlines()
    given = warnings()[before:]
    assert (outcome.items, outcome.failures) == (len(given), 0)
    return given


def warnings() -> list[tuple[str, str]]:
    query = sa.select(TicketEvent.facts).where(TicketEvent.action.in_(WARNINGS))
    rows = db.session.scalars(query.order_by(TicketEvent.at, TicketEvent.seq))
    return [(row["clock"], row["rung"]) for row in rows]


def told(case: Case) -> dict[str, set[int]]:
    """Who was told of the warnings, by the kind of the message."""
    query = (
        sa.select(Notification.kind, Notification.account_id)
        .join(
            TicketEvent,
            sa.and_(
                TicketEvent.ticket_id == Notification.ticket_id,
                TicketEvent.seq == Notification.event_seq,
            ),
        )
        .where(Notification.ticket_id == case.ticket.id, TicketEvent.action.in_(WARNINGS))
    )
    found: dict[str, set[int]] = {}
    for kind, account in db.session.execute(query):
        found.setdefault(kind, set()).add(account)
    return found


def contacted() -> Case:
    """A ticket submitted on Monday at ten, whose contact clock is out of the way."""
    case = make_ticket()
    case.act(Act.FIRST_CONTACT)
    return case


def test_reminder_yellow_and_red_come_once_each():
    contacted()
    assert watched("2026-06-02 14:07:29") == []
    assert watched("2026-06-02 14:07:30") == [("accept", "reminder")]
    assert watched("2026-06-02 16:08:59") == []
    assert watched("2026-06-02 16:09") == [("accept", "yellow")]
    assert watched("2026-06-02 16:09") == []
    assert watched("2026-06-02 17:30") == []
    assert watched("2026-06-02 17:30:01") == [("accept", "red")]
    assert watched("2026-06-20 10:00") == []


def test_of_what_was_missed_only_the_latest_is_given():
    contacted()
    assert watched("2026-06-03 10:00") == [("accept", "red")]
    assert watched("2026-06-03 10:00") == []


def test_a_contact_that_is_late_has_no_yellow():
    make_ticket()
    assert watched("2026-06-01 12:00") == []
    assert watched("2026-06-01 12:00:01") == [("first_contact", "red")]


def test_every_clock_of_a_ticket_has_its_own_cards():
    make_ticket(Status.HANDLING).act(Act.FIRST_CONTACT)
    assert watched("2026-06-04 17:00") == [
        ("stage_report", "yellow"),
        ("opinion", "yellow"),
        ("finish", "nudge"),
        ("assignment", "nudge"),
    ]
    assert watched("2026-06-08 17:00") == [
        ("stage_report", "red"),
        ("opinion", "red"),
        ("finish", "yellow"),
        ("assignment", "yellow"),
    ]
    assert watched("2026-06-09 10:00") == [("finish", "red"), ("assignment", "red")]


def test_a_clock_that_waits_or_has_stopped_warns_of_nothing():
    make_ticket(Status.SUPPLEMENTING)
    make_ticket(Status.FEEDBACK)
    make_ticket(Status.WITHDRAWN)
    assert watched("2026-06-03 10:00") == []


def test_a_clock_begun_before_there_were_reminders_reminds_of_nothing():
    case = contacted()
    older = sa.text("UPDATE sla_clocks SET remind_at = NULL WHERE ticket_id = :ticket")
    db.session.execute(older, {"ticket": case.ticket.id})
    assert watched("2026-06-02 15:00") == []
    assert watched("2026-06-02 16:09") == [("accept", "yellow")]


def test_missing_material_is_asked_for_again_at_half_time_and_once():
    case = make_ticket()
    case.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-01 11:00"))
    assert watched("2026-06-04 09:44:59") == []
    assert watched("2026-06-04 09:45") == [("supplement", "reminder")]
    assert watched("2026-07-20 10:00") == []
    assert told(case) == {"supplement_reminder": {case.cast.applicant.account.id}}


def test_a_second_notice_has_a_half_time_of_its_own():
    case = make_ticket()
    case.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-01 11:00"))
    assert watched("2026-06-04 10:00") == [("supplement", "reminder")]
    case.act(Act.SUPPLY, at=local("2026-06-04 10:30"))
    case.act(Act.REQUEST_SUPPLEMENT, SECOND_NOTICE, at=local("2026-06-04 11:00"))
    assert watched("2026-06-08 10:00") == []
    assert watched("2026-06-09 10:00") == [("supplement", "reminder")]


def test_who_has_not_rated_is_asked_again_after_five_days_and_once():
    case = make_ticket(Status.EVALUATING)
    five_days_later = case.at + timedelta(days=5)
    assert watched(f"{five_days_later - MINUTE:%F %T}") == []
    assert watched(f"{five_days_later:%F %T}") == [("evaluation", "reminder")]
    assert watched(f"{five_days_later + timedelta(days=9):%F %T}") == []
    assert told(case) == {"evaluation_reminder": {case.cast.applicant.account.id}}


@pytest.mark.parametrize("level", [4, 1])
def test_who_has_rated_is_left_alone(level):
    make_ticket(Status.EVALUATING).act(Act.EVALUATE, Rating(level))
    reminded = [kind for kind, _ in watched("2026-06-10 10:00")]
    assert "evaluation" not in reminded


def test_the_revisit_is_called_to_mind():
    case = make_ticket(Status.REVISITING)
    assert watched("2026-06-02 15:00") == [("revisit", "reminder")]
    assert told(case) == {"revisit_due": {case.cast.revisitor.account.id}}


def test_a_pause_moves_the_reminder():
    case = contacted()
    assert watched("2026-06-02 14:30") == [("accept", "reminder")]
    case.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-02 15:00"))
    assert watched("2026-06-02 17:00") == []
    case.act(Act.SUPPLY, at=local("2026-06-03 10:00"))
    assert watched("2026-06-03 10:00") == [("accept", "reminder")]
    assert watched("2026-06-03 11:10") == [("accept", "yellow")]


def test_a_pause_over_lunch_moves_nothing_and_repeats_nothing():
    question = replace(USUAL[Act.SUBMIT], kind=Kind.CONSULTATION)
    case = make_ticket(at=local("2026-06-01 10:10"), submit=question)
    assert watched("2026-06-01 11:59") == [("accept", "yellow")]
    due = case.ticket.due_at
    case.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-01 12:05"))
    case.act(Act.SUPPLY, at=local("2026-06-01 13:00"))
    assert case.ticket.due_at == due == local("2026-06-01 13:40")
    assert watched("2026-06-01 13:35") == []


def test_a_pause_moves_the_cards():
    case = contacted()
    case.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-02 17:00"))
    assert watched("2026-06-03 10:00") == []
    case.act(Act.SUPPLY, at=local("2026-06-04 10:00"))
    assert watched("2026-06-04 10:00") == [("accept", "yellow")]
    assert watched("2026-06-04 10:30:01") == [("accept", "red")]


def test_the_enterprise_has_no_cards_for_its_own_time():
    make_ticket(Status.EVALUATING)
    assert watched("2026-07-20 10:00") == []


def test_who_hears_of_the_cards():
    case = contacted()
    supervisor, other = make_account("supervisor"), make_account("supervisor", area_prefix="2104")
    watched("2026-06-02 16:30")
    watched("2026-06-02 18:00")
    cast = case.cast
    near = {person.account.id for person in (cast.housekeeper, cast.coordinator)}
    messages = told(case)
    assert near | {cast.second_coordinator.account.id} == messages["due_soon"]
    assert messages["overdue"] >= near | {cast.supervisor.account.id, supervisor.account.id}
    assert other.account.id not in messages["overdue"]
    assert cast.applicant.account.id not in messages["overdue"] | messages["due_soon"]


def test_a_units_card_goes_to_its_people():
    case = make_ticket(Status.HANDLING)
    case.act(Act.FIRST_CONTACT)
    watched("2026-06-04 17:00")
    cast = case.cast
    assert cast.co_handler.account.id in told(case)["due_soon"]
    assert cast.handler.account.id not in told(case)["due_soon"]


def test_the_reminder_goes_to_who_can_do_it_alone():
    case = make_ticket(Status.HANDLING)
    case.act(Act.FIRST_CONTACT)
    later = usual_facts(Act.REPORT_PROGRESS, 0, 0, local("2026-06-05 10:00"))
    case.act(Act.REPORT_PROGRESS, later, at=local("2026-06-03 10:00"))
    cast = case.cast
    assert watched("2026-06-04 09:00") == [("opinion", "reminder")]
    assert told(case)["due_soon"] == {cast.co_handler.account.id}
    assert watched("2026-06-05 14:30") == [
        ("opinion", "red"),
        ("finish", "reminder"),
        ("assignment", "reminder"),
    ]
    parts = (cast.co_handler, cast.housekeeper, cast.handler)
    assert told(case)["due_soon"] == {person.account.id for person in parts}


@pytest.mark.parametrize("at", ["2026-06-05 15:00", "2026-06-08 17:31"])
def test_a_warning_is_no_new_version_for_those_about_to_act(at):
    case = make_ticket("accepted")
    seen, events = case.ticket.version, case.ticket.event_seq
    assert watched(at)
    assert (case.ticket.version, case.ticket.event_seq > events) == (seen, True)
    case.act(Act.DISPATCH, expected_version=seen, at=local("2026-06-08 17:40"))
    assert case.ticket.status == "handling"


def test_the_card_stands_in_the_history_of_the_system():
    case = contacted()
    watched("2026-06-03 10:00")
    event = db.session.scalars(
        sa.select(TicketEvent).where(TicketEvent.action == "issue_card")
    ).one()
    assert (event.actor_name, event.role, event.account_id) == ("时限巡查", "system", None)
    assert not event.is_public
    assert event.ticket_id == case.ticket.id


def test_what_is_rated_or_past_rating_is_not_asked_for():
    make_ticket(Status.EVALUATING).act(Act.EVALUATE, Rating(4))
    open_to_rate = make_ticket(Status.EVALUATING)
    asked_for = [each.number for each in due_warnings(at=local("2026-06-10 10:00"))]
    assert asked_for == [open_to_rate.number]
    assert due_warnings(at=local("2026-06-16 10:10")) == []
