"""kill -9 of a scheduler in the middle of a run: another one takes it over, once, and says so.

Real processes and real commits. What is at work is held there by a lock of the test's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.models.operation import JobRun, Worker
from services import business_clock
from services.job_runs import LOST, SILENT
from tests.jobs.processes import kill, one_job, scheduler
from tests.threads import wait_for_a_blocked_connection
from tools.watch import settle, wait_until

PATIENCE = 90.0
NIGHTLY = "verify_audit"
"""Works once a day, and reads a table that the test can hold."""


@contextmanager
def held(app, table: str) -> Iterator[None]:
    """Nobody reads the table inside the block."""
    with app.app_context(), db.engines[None].connect() as connection:
        connection.execute(sa.text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        yield
        connection.rollback()


def runs(app, *conditions) -> list[JobRun]:
    with app.app_context():
        return list(db.session.scalars(sa.select(JobRun).where(*conditions).order_by(JobRun.id)))


def of_the_night(app) -> JobRun | None:
    found = runs(app, JobRun.job == NIGHTLY)
    return found[0] if found else None


def at_work(app) -> int:
    """How many schedulers have been heard of."""
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Worker)) or 0


def until(condition) -> None:
    assert wait_until(condition, PATIENCE, by=settle)


def let_time_pass(app, spell: timedelta) -> None:
    """As if the process had died so long ago; nobody sleeps."""
    with app.app_context(), transaction():
        dead = Worker.seen_at < clock.real()
        earlier = {"seen_at": Worker.seen_at - spell, "started_at": Worker.started_at - spell}
        db.session.execute(sa.update(Worker).where(dead).values(earlier))
        at_work = sa.update(JobRun).where(JobRun.state == "running")
        db.session.execute(at_work.values(started_at=JobRun.started_at - spell))


@pytest.fixture
def killed(committed_app, tmp_path):
    """A scheduler killed while it was at work on the run of the night; its name."""
    app = committed_app
    with held(app, "audit_chain"), scheduler(app, tmp_path / "one.log") as one:
        until(lambda: of_the_night(app))
        wait_for_a_blocked_connection(app)
        kill(one)
    run = of_the_night(app)
    assert run
    assert (run.state, run.host.rpartition(":")[2]) == ("running", str(one.pid))
    return run.host


def test_its_slot_is_taken_over_and_made_up_and_that_is_noted(committed_app, tmp_path, killed):
    app, log = committed_app, tmp_path / "noting.log"
    let_time_pass(app, SILENT)
    with one_job(app, log, "note_lost_runs"):
        until(lambda: not runs(app, JobRun.host == killed, JobRun.state == "running"))
    [lost] = runs(app, JobRun.job == NIGHTLY)
    assert (lost.state, lost.detail) == ("lost", LOST)
    assert f"{NIGHTLY} of {lost.slot.isoformat()} was lost with {killed}" in log.read_text()
    # One that begins looks at once; whoever is there already, within a minute.
    with scheduler(app, tmp_path / "two.log") as two:
        until(lambda: runs(app, JobRun.job == NIGHTLY, JobRun.state == "done"))
    [run] = runs(app, JobRun.job == NIGHTLY)
    assert (run.id, run.taken_from) == (lost.id, killed)
    assert run.host.rpartition(":")[2] == str(two.pid)


def test_whoever_was_heard_of_a_moment_ago_is_not_lost_yet(committed_app, tmp_path, killed):
    app = committed_app
    with scheduler(app, tmp_path / "two.log") as two:
        until(lambda: len(runs(app, JobRun.job == "note_lost_runs", JobRun.state == "done")) >= 2)
        assert two.poll() is None
    run = of_the_night(app)
    assert run
    assert (run.state, run.host) == ("running", killed)


def test_two_at_once_do_no_slot_twice(committed_app, tmp_path):
    """Each slot has one run, by whichever of the two was first."""
    app = committed_app
    with scheduler(app, tmp_path / "one.log"), scheduler(app, tmp_path / "two.log"):
        done = JobRun.state == "done"
        until(lambda: at_work(app) == 2 and runs(app, JobRun.job == NIGHTLY, done))
        with app.app_context(), transaction():
            business_clock.advance(24 * 3_600)
        before = of_the_night(app)
        assert before
        until(lambda: runs(app, JobRun.job == NIGHTLY, JobRun.slot > before.slot, done))
    every = runs(app)
    assert len({(run.job, run.slot) for run in every}) == len(every)
    assert {run.taken_from for run in every} == {None}
    assert len([run for run in every if run.job == NIGHTLY]) == 2
