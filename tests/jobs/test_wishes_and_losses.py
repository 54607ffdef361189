"""Runs that people ask for or hold back, and runs that were lost with their process."""

from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.timetable import Plan
from app.models.job import JobPause, JobRequest
from app.models.operation import JobRun
from jobs.runner import Job, Outcome, run
from services import workers
from services.job_runs import LOST, SILENT, note_lost
from tests.domain.calendars import local
from tests.factories import make_account

pytestmark = pytest.mark.usefixtures("database")

NOW = local("2026-06-10 10:00:07")
SECOND = timedelta(seconds=1)
FIVE = 5 * SECOND


def job(function, daily_at: time | None = None) -> Job:
    return Job(Plan("trial", "试", "试。", FIVE, daily_at=daily_at), function)


def nothing() -> Outcome:
    return Outcome()


def runs() -> list[JobRun]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(JobRun).order_by(JobRun.slot, JobRun.id)))


def ask(job_name: str = "trial") -> JobRequest:
    asked = JobRequest(
        job=job_name, reason="核对", asked_by=make_account("sys_admin").account.id, asked_at=NOW
    )
    db.session.add(asked)
    db.session.flush()
    return asked


def hold_back(until: datetime) -> None:
    paused = {"reason": "迁移", "paused_by": make_account("sys_admin").account.id}
    at = NOW - timedelta(days=1)
    db.session.add(JobPause(job="trial", **paused, paused_at=at, paused_until=until))
    db.session.flush()


def run_at(app, trial: Job, *instants: datetime) -> list[bool]:
    """Whether each look found something to do."""
    found = []
    for at in instants:
        with clock.frozen(at):
            found.append(run(app, trial) is not None)
    return found


def test_what_is_asked_for_is_done_once_at_the_next_look_beside_the_slot(app):
    nightly = job(nothing, daily_at=time(2))
    assert run_at(app, nightly, NOW, NOW + SECOND) == [True, False]
    asked = ask()
    ask("another")
    assert run_at(app, nightly, NOW + 2 * SECOND, NOW + FIVE) == [True, False]
    assert [(row.request_id, row.state) for row in runs()] == [(None, "done"), (asked.id, "done")]
    db.session.refresh(asked)
    assert asked.taken_at == NOW + 2 * SECOND


def test_what_is_asked_for_does_not_take_the_place_of_the_slot(app):
    ask()
    nightly = job(nothing, daily_at=time(2))
    assert run_at(app, nightly, NOW, NOW + SECOND, NOW + FIVE) == [True, True, False]
    assert len({row.slot for row in runs()}) == 1


def test_what_is_held_back_is_done_by_nobody_until_then_and_made_up_once(app):
    hold_back(until=NOW + FIVE)
    ask()
    looks = [NOW, NOW + FIVE - SECOND, NOW + FIVE, NOW + FIVE, NOW + FIVE]
    assert run_at(app, job(nothing), *looks) == [False, False, True, True, False]


def test_a_pause_that_was_ended_holds_nothing_back(app):
    hold_back(until=NOW + timedelta(days=1))
    db.session.execute(sa.update(JobPause).values(ended_at=NOW))
    assert run_at(app, job(nothing), NOW) == [True]


def leave_running(app, trial: Job, at: datetime) -> None:
    """As kill -9 leaves it: begun and never ended."""
    with clock.frozen(at):
        run(app, trial)
    left = {"state": "running", "finished_at": None, "host": "gone:1"}
    db.session.execute(sa.update(JobRun).values(**left))


@pytest.mark.parametrize(
    ("arrived", "seen", "is_lost"),
    [
        (None, None, True),
        (NOW - SECOND, NOW + SECOND, False),
        (NOW - SECOND, NOW, True),
        (NOW + SECOND, NOW + SILENT, True),
    ],
    ids=["nobody", "alive", "silent", "another of its name"],
)
def test_a_run_is_lost_with_its_process(app, arrived, seen, is_lost):
    leave_running(app, job(nothing), NOW)
    if arrived:
        workers.arrive("gone:1", "scheduler", at=arrived)
        workers.beat("gone:1", "scheduler", at=seen)
    assert note_lost(at=NOW + SILENT) == []
    lost = note_lost(at=NOW + SILENT + SECOND)
    assert [run.host for run in lost] == ["gone:1"] * is_lost
    assert [row.state for row in runs()] == ["lost" if is_lost else "running"]


def test_the_slot_of_a_lost_run_is_taken_over_at_once_and_that_is_noted(app):
    nightly = job(nothing, daily_at=time(2))
    leave_running(app, nightly, NOW)
    later = NOW + SILENT + SECOND
    assert run_at(app, nightly, later) == [False]
    note_lost(at=later)
    assert [row.detail for row in runs()] == [LOST]
    assert run_at(app, nightly, later, later) == [True, False]
    [row] = runs()
    assert (row.state, row.taken_from, row.detail) == ("done", "gone:1", None)
    assert row.host == workers.own_name()


def test_who_comes_back_too_late_overwrites_nobody(app, caplog):
    def overtaken() -> Outcome:
        db.session.execute(sa.update(JobRun).values(host="other:2", items=0))
        return Outcome(items=7)

    with clock.frozen(NOW):
        run(app, job(overtaken))
    [row] = runs()
    assert (row.host, row.state, row.items) == ("other:2", "running", 0)
    assert "another process had taken the run over" in caplog.text
