"""Two schedulers double nothing. Real connections and commits, and a real process at the end."""

import signal
import subprocess
import sys
from functools import partial

import pytest
import sqlalchemy as sa

from app.db import db, transaction
from app.domain.rules import Rule
from app.domain.vocabulary import Status
from app.models.notification import Notification
from app.models.operation import JobRun
from app.models.ticket_event import TicketEvent
from jobs.archive_silent import archive_silent
from jobs.runner import run
from jobs.schedule import SCHEDULE
from jobs.watch_deadlines import watch_deadlines
from services.tickets.history import verify_histories
from tests.architecture.tree import ROOT
from tests.domain.calendars import local
from tests.factories import make_cast, make_ticket
from tests.factories.numbers import set_number
from tests.jobs.processes import environment
from tests.threads import all_at_once

TICKETS = 6
LATE = local("2026-06-20 10:00")


@pytest.fixture
def tickets(committed_app):
    """Committed tickets of one cast, all past their limits."""
    with committed_app.app_context(), transaction():
        cast = make_cast()
        revisit_all()
        for status in (Status.SUBMITTED, Status.EVALUATING):
            for _ in range(TICKETS):
                make_ticket(status, cast)
    return committed_app


def revisit_all() -> None:
    """Nothing is left to the lot."""
    set_number(Rule.REVISIT_PERCENT, 100, "2026-05-01")


def count(app, model, *conditions) -> int:
    with app.app_context():
        query = sa.select(sa.func.count()).select_from(model).where(*conditions)
        return db.session.scalar(query) or 0


def all_histories_hold(app) -> bool:
    with app.app_context():
        return all(each.broken_seq is None for each in verify_histories())


def test_two_watches_at_once_issue_each_card_once(tickets):
    outcomes = all_at_once(tickets, watch_deadlines, watch_deadlines, at=LATE)
    due = 2 * TICKETS  # the contact and the acceptance of each
    assert [outcome.failures for outcome in outcomes] == [0, 0]
    assert sum(outcome.items for outcome in outcomes) == due
    assert count(tickets, TicketEvent, TicketEvent.action == "issue_card") == due
    with tickets.app_context():
        told = sa.select(Notification.account_id).where(Notification.kind == "overdue")
        accounts = list(db.session.scalars(told))
    assert len(accounts) == due * len(set(accounts)) > 0
    assert all_histories_hold(tickets)


def test_two_watches_at_once_remind_once(committed_app):
    with committed_app.app_context(), transaction():
        cast = make_cast()
        revisit_all()
        for status in (Status.SUPPLEMENTING, Status.REVISITING, Status.EVALUATING):
            for _ in range(TICKETS):
                make_ticket(status, cast)
    outcomes = []
    for at in (local("2026-06-02 15:00"), local("2026-06-04 10:00"), local("2026-06-08 10:00")):
        outcomes += all_at_once(committed_app, watch_deadlines, watch_deadlines, at=at)
    assert [outcome.failures for outcome in outcomes] == [0] * 6
    reminded = sa.and_(
        TicketEvent.action == "remind",
        TicketEvent.facts["clock"].astext.in_(("supplement", "revisit", "evaluation")),
    )
    assert count(committed_app, TicketEvent, reminded) == 3 * TICKETS
    for kind in ("supplement_reminder", "revisit_due", "evaluation_reminder"):
        assert count(committed_app, Notification, Notification.kind == kind) == TICKETS
    assert all_histories_hold(committed_app)


def test_two_archivists_at_once_archive_each_ticket_once(tickets):
    outcomes = all_at_once(tickets, archive_silent, archive_silent, at=local("2026-07-20 10:00"))
    assert [outcome.failures for outcome in outcomes] == [0, 0]
    assert sum(outcome.items for outcome in outcomes) == TICKETS
    assert count(tickets, TicketEvent, TicketEvent.action == "archive") == TICKETS
    assert all_histories_hold(tickets)


def test_a_slot_of_any_job_is_given_to_one_of_many(committed_app):
    for job in SCHEDULE:
        asked = [partial(run, committed_app, job)] * 4
        answers = all_at_once(committed_app, *asked, at=LATE)
        assert [answer is None for answer in answers].count(False) == 1, job.name
        own = JobRun.job == job.name
        done = count(committed_app, JobRun, own, JobRun.state == "done")
        assert count(committed_app, JobRun, own) == done == 1, job.name


@pytest.mark.parametrize("heard", [signal.SIGTERM, signal.SIGINT])
def test_the_process_works_at_once_and_stops_when_told(committed_app, heard):
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "jobs.scheduler"],
        cwd=ROOT,
        env=environment(committed_app),
        stderr=subprocess.PIPE,
        text=True,
    )
    with scheduler:
        assert scheduler.stderr is not None
        assert "scheduler started" in scheduler.stderr.readline()
        scheduler.send_signal(heard)
        _, said = scheduler.communicate(timeout=30)
    assert scheduler.returncode == 0
    assert f"scheduler stopped by {heard.name}" in said
    assert "Traceback" not in said
    with committed_app.app_context():
        states = set(db.session.scalars(sa.select(JobRun.state)))
    assert "running" not in states
