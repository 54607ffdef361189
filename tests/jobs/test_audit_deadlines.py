"""The audit finds what was changed behind the product's back, and nothing else."""

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.ladder import Ladder
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import FINAL, Status
from app.models.notification import Notification
from jobs.audit_deadlines import audit_deadlines
from jobs.watch_deadlines import watch_deadlines
from services.tickets import deadline_audit
from tests.domain.calendars import local
from tests.domain.story import PATHS
from tests.factories import make_account, make_ticket
from tests.policies import set_ladder
from tests.tampering import behind_its_back

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


def test_every_open_ticket_is_as_its_events_say():
    for status in PATHS:
        make_ticket(status)
    outcome = audit_deadlines()
    assert (outcome.items, outcome.failures) == (len(set(PATHS) - FINAL), 0)


def test_cards_pauses_and_rounds_cause_no_drift():
    case = make_ticket(Status.COORDINATING)
    paused = make_ticket(Status.SUPPLEMENTING)
    paused.act(Act.SUPPLY, at=paused.at + 3 * DAY)
    make_ticket(Status.HANDLING)
    for at in ("2026-06-04 09:00", "2026-06-04 15:00", "2026-06-08 16:00", "2026-06-20 10:00"):
        with clock.frozen(local(at)):
            assert watch_deadlines().items > 0
    case.act(Act.DISPATCH, at=local("2026-06-21 10:00"))
    assert audit_deadlines().failures == 0


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE sla_clocks SET due_at = due_at + interval '1 day'", "finish/1.due_at"),
        ("UPDATE sla_clocks SET yellow_at = yellow_at - interval '1 s'", "finish/1.yellow_at"),
        ("UPDATE sla_clocks SET remind_at = due_at", "finish/1.remind_at"),
        ("UPDATE sla_clocks SET reminded_at = due_at", "finish/1.reminded_at"),
        ("UPDATE sla_clocks SET warned_at = due_at", "finish/1.warned_at"),
        ("UPDATE sla_clocks SET overdue_at = due_at", "finish/1.overdue_at"),
        ("UPDATE sla_clocks SET stopped_at = due_at", "finish/1.stopped_at"),
        ("UPDATE sla_clocks SET limit_amount = limit_amount + 1", "finish/1.limit_amount"),
        ("UPDATE sla_clocks SET started_at = started_at - interval '1 s'", "finish/1.started_at"),
        ("UPDATE sla_clocks SET pauses = '[]'", None),
        ("DELETE FROM sla_clocks", "finish/1：缺少"),
    ],
)
def test_a_clock_that_was_changed_is_drift(change, named):
    case = make_ticket(Status.ACCEPTED)
    make_ticket(Status.ACCEPTED)
    behind_its_back(f"{change} WHERE ticket_id = :ticket AND kind = 'finish'", case)
    outcome = audit_deadlines()
    assert outcome.items == 2
    assert outcome.failures == (1 if named else 0)
    assert all(case.number in note and str(named) in note for note in outcome.notes)


def test_a_clock_begun_before_there_were_reminders_is_no_drift():
    case, paused = make_ticket(Status.ACCEPTED), make_ticket()
    for each in (case, paused):
        behind_its_back("UPDATE sla_clocks SET remind_at = NULL WHERE ticket_id = :ticket", each)
    assert audit_deadlines().failures == 0
    paused.act(Act.REQUEST_SUPPLEMENT)
    assert audit_deadlines().failures == 0
    paused.act(Act.SUPPLY, at=paused.at + DAY)
    assert audit_deadlines().failures == 0


def test_a_reminder_that_was_given_cannot_be_denied():
    case = make_ticket(Status.ACCEPTED)
    with clock.frozen(local("2026-06-05 15:00")):
        assert watch_deadlines().items == 3  # and the contact and a report are late
    denied = "UPDATE sla_clocks SET remind_at = NULL, reminded_at = NULL WHERE ticket_id = :ticket"
    behind_its_back(f"{denied} AND kind = 'finish'", case)
    [note] = audit_deadlines().notes
    assert "finish/1.reminded_at" in note


@pytest.mark.parametrize("column", ["due_at", "yellow_at"])
def test_a_ticket_that_shows_another_time_than_its_clock_is_drift(column):
    case = make_ticket(Status.ACCEPTED)
    change = f"UPDATE tickets SET {column} = {column} + interval '1 second' WHERE id = :ticket"
    behind_its_back(change, case)
    [note] = audit_deadlines().notes
    assert f"tickets.{column}" in note


def test_a_paused_ticket_that_shows_other_seconds_is_drift():
    case = make_ticket(Status.SUPPLEMENTING)
    behind_its_back("UPDATE tickets SET remaining_seconds = 1 WHERE id = :ticket", case)
    assert "tickets.remaining_seconds" in audit_deadlines().notes[0]


def test_a_clock_that_no_event_started_is_drift():
    case = make_ticket(Status.ACCEPTED)
    behind_its_back("UPDATE sla_clocks SET round = 2 WHERE ticket_id = :ticket", case)
    [note] = audit_deadlines().notes
    assert "finish/2：多出" in note
    assert "finish/1：缺少" in note


def test_events_that_cannot_be_replayed_are_drift():
    case = make_ticket(Status.ACCEPTED)
    behind_its_back(
        "UPDATE ticket_events SET facts = facts - 'clocks' WHERE ticket_id = :ticket AND seq = 1",
        case,
    )
    assert "无法由事件重算" in audit_deadlines().notes[0]


def test_drift_is_an_error_in_the_log_with_the_number(caplog):
    case = make_ticket(Status.ACCEPTED)
    behind_its_back("UPDATE tickets SET due_at = due_at + interval '1 h' WHERE id = :ticket", case)
    with caplog.at_level(logging.ERROR, "jobs.audit_deadlines"):
        audit_deadlines()
    [record] = caplog.records
    assert case.number in record.getMessage()


def test_what_is_over_is_not_looked_at():
    case = make_ticket(Status.ARCHIVED)
    behind_its_back("UPDATE sla_clocks SET limit_amount = 99 WHERE ticket_id = :ticket", case)
    outcome = audit_deadlines()
    assert (outcome.items, outcome.failures) == (0, 0)


def test_all_tickets_are_reached_chunk_by_chunk(monkeypatch):
    monkeypatch.setattr(deadline_audit, "CHUNK", 2)
    cases = [make_ticket() for _ in range(5)]
    late = "UPDATE tickets SET due_at = due_at + interval '1 h' WHERE id = :ticket"
    behind_its_back(late, cases[-1])
    outcome = audit_deadlines()
    assert (outcome.items, outcome.failures) == (5, 1)


def test_drift_is_told_to_the_administrators_once_a_day():
    case, admin = make_ticket(Status.ACCEPTED), make_account(Role.SYS_ADMIN)
    behind_its_back("UPDATE sla_clocks SET due_at = now() WHERE ticket_id = :ticket", case)
    told = sa.select(Notification.kind).where(Notification.account_id == admin.account.id)
    with clock.frozen(local("2026-06-02 02:00")):
        audit_deadlines()
        audit_deadlines()
        assert list(db.session.scalars(told)) == ["deadlines_drifted"]
    with clock.frozen(local("2026-06-03 02:00")):
        audit_deadlines()
        assert len(list(db.session.scalars(told))) == 2


def test_who_has_nothing_to_hear_hears_nothing():
    make_ticket(Status.ACCEPTED)
    audit_deadlines()
    told = sa.select(sa.func.count()).where(Notification.kind == "deadlines_drifted")
    assert db.session.scalar(told) == 0


@pytest.mark.parametrize("column", ["calendar_version", "hours_area"])
def test_the_calendar_of_a_clock_is_no_matter_of_opinion(column):
    case = make_ticket(Status.ACCEPTED)
    value = "2" if column == "calendar_version" else "'21'"
    if column == "calendar_version":
        behind_its_back(
            "INSERT INTO work_calendars (version, document) SELECT 2, document FROM work_calendars"
            " WHERE version = 1 AND :ticket > 0",
            case,
        )
    behind_its_back(f"UPDATE sla_clocks SET {column} = {value} WHERE ticket_id = :ticket", case)
    assert audit_deadlines().failures == 1


def test_late_rungs_without_a_nudge_are_audited_like_any():
    set_ladder(Ladder(order_days=2, escalation_days=4), ClockKind.FINISH)
    case = make_ticket(Status.ACCEPTED)
    assert audit_deadlines().failures == 0
    behind_its_back(
        "UPDATE sla_clocks SET climb_at = climb_at + interval '1 day'"
        " WHERE kind = 'finish' AND ticket_id = :ticket",
        case,
    )
    assert audit_deadlines().failures == 1


def test_what_is_audited_has_the_ladder_of_its_own_policy():
    make_ticket(Status.HANDLING)
    set_ladder(Ladder(yellow_percent=50), ClockKind.FINISH, ClockKind.ASSIGNMENT)
    newer = make_ticket(Status.HANDLING)
    assert newer.ticket.yellow_at == local("2026-06-04 09:15")
    assert audit_deadlines().failures == 0
