"""How jobs run: one run per slot, faults kept apart, the business clock of the moment."""

import logging
from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from app import clock, statements
from app.db import db, transaction
from app.domain.timetable import Plan
from app.models.operation import JobRun, RateCounter
from jobs import runner
from jobs.runner import Job, Outcome, each, run
from services import business_clock
from services.job_runs import LEASE
from tests.domain.calendars import local

pytestmark = pytest.mark.usefixtures("database")

NOW = local("2026-06-10 10:00:07")
SECOND = timedelta(seconds=1)
FIVE = 5 * SECOND


def job(function, daily_at: time | None = None) -> Job:
    return Job(Plan("trial", "试", "试。", FIVE, daily_at=daily_at), function)


def nothing() -> Outcome:
    return Outcome()


def noting(outcome: Outcome):
    """A job that notes the business time, and where it notes it."""
    seen = []

    def work() -> Outcome:
        seen.append(clock.now())
        return outcome

    return seen, work


def runs() -> list[JobRun]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(JobRun).order_by(JobRun.slot)))


@pytest.mark.parametrize(
    ("at", "slot"),
    [
        ("2026-06-10 10:00:00", "2026-06-10 10:00:00"),
        ("2026-06-10 10:00:04", "2026-06-10 10:00:00"),
        ("2026-06-10 10:00:05", "2026-06-10 10:00:05"),
    ],
)
def test_the_slot_of_an_instant(at, slot):
    assert job(nothing).plan.slot(at=local(at)) == local(slot)


@pytest.mark.parametrize(
    ("at", "slot"),
    [
        ("2026-06-10 02:00", "2026-06-10 02:00"),
        ("2026-06-10 23:59", "2026-06-10 02:00"),
        ("2026-06-10 01:59", "2026-06-09 02:00"),
    ],
)
def test_the_slot_of_a_daily_job_is_the_last_time_it_was_due(at, slot):
    assert job(nothing, daily_at=time(2)).plan.slot(at=local(at)) == local(slot)


def test_a_slot_is_worked_once_and_the_next_one_again(app):
    done, work = noting(Outcome(items=3))
    trial = job(work)
    for at in (NOW, NOW + SECOND, NOW + FIVE):
        with clock.frozen(at):
            run(app, trial)
    assert done == [NOW, NOW + FIVE]
    assert [(row.slot, row.state, row.items) for row in runs()] == [
        (local("2026-06-10 10:00:05"), "done", 3),
        (local("2026-06-10 10:00:10"), "done", 3),
    ]
    assert [row.started_at for row in runs()] == [row.finished_at for row in runs()] == done
    assert all(row.host for row in runs())


def test_business_time_is_read_anew_for_each_run_and_left_alone_outside(app):
    seen, work = noting(Outcome())
    trial = job(work)
    with clock.frozen(NOW):
        run(app, trial)
        business_clock.advance(3_600)
        run(app, trial)
        assert clock.now() == NOW
    assert seen == [NOW, NOW + 3_600 * SECOND]
    assert [row.slot.hour for row in runs()] == [10, 11]


def test_business_time_stands_on_real_time_where_it_may_not_move(app, monkeypatch):
    monkeypatch.setitem(app.config, "BUSINESS_CLOCK_MOVES", False)
    business_clock.advance(3_600)
    with clock.frozen(NOW):
        run(app, job(nothing))
    assert runs()[0].slot.hour == 10


def broken() -> Outcome:
    db.session.add(RateCounter(key="half", window_start=NOW, count=1))
    db.session.flush()
    raise ZeroDivisionError("no way")


def test_a_job_that_breaks_off_is_noted_and_breaks_nothing_else(app, caplog):
    with clock.frozen(NOW), caplog.at_level(logging.ERROR):
        outcome = run(app, job(broken))
    assert outcome is not None
    [row] = runs()
    assert (row.state, row.failures) == ("failed", 1)
    assert row.detail == "ZeroDivisionError"
    assert "trial broke off" in caplog.text


@pytest.mark.parametrize(("later", "again"), [(LEASE, False), (LEASE + SECOND, True)])
def test_a_run_that_never_ended_is_done_again_after_its_lease(app, later, again):
    nightly = job(nothing, daily_at=time(2))
    with clock.frozen(NOW):
        run(app, nightly)
    db.session.execute(sa.update(JobRun).values(state="running", finished_at=None))
    with clock.frozen(NOW + later):
        assert (run(app, nightly) is not None) is again
    assert [row.state for row in runs()] == ["done" if again else "running"]


def test_a_run_that_ended_well_is_never_done_again(app):
    done, work = noting(Outcome())
    nightly = job(work, daily_at=time(2))
    for later in (0, 8, 13):
        with clock.frozen(NOW + timedelta(hours=later)):
            run(app, nightly)
    assert done == [NOW]


def count(key: str) -> bool:
    """An item that leaves a row, unless its name is bad."""
    db.session.add(RateCounter(key=key, window_start=NOW, count=1))
    db.session.flush()
    if key == "bad":
        raise ValueError("a bad one")
    return key != "idle"


def counted() -> set[str]:
    return set(db.session.scalars(sa.select(RateCounter.key)))


def test_an_item_that_fails_is_undone_alone(caplog):
    with caplog.at_level(logging.ERROR):
        outcome = each(["one", "bad", "idle", "two"], count)
    assert (outcome.items, outcome.failures) == (2, 1)
    assert counted() == {"one", "idle", "two"}
    assert outcome.notes == ["bad: ValueError"]
    assert "item bad failed" in caplog.text


NAME = "张三丰"


def write_a_bad_row(_: object) -> bool:
    """The database refuses it, and quotes it whole."""
    db.session.add(JobRun(job=NAME, slot=NOW, host="here", started_at=NOW, state=NAME))
    db.session.flush()
    return True


@pytest.mark.parametrize("by_items", [False, True])
def test_what_a_refused_row_holds_is_not_kept(app, by_items):
    def work() -> Outcome:
        if by_items:
            return each(["one"], write_a_bad_row)
        with transaction():
            return Outcome(items=write_a_bad_row("one"))

    with clock.frozen(NOW):
        run(app, job(work))
    [row] = runs()
    assert row.detail == ("one: " if by_items else "") + "IntegrityError 23514"


@pytest.fixture
def told_to_stop():
    yield runner.stopping
    runner.stopping.clear()


def test_the_item_at_work_is_finished_and_no_other_begun(app, told_to_stop):
    def stop_within(key: str) -> bool:
        told_to_stop.set()
        return count(key)

    with clock.frozen(NOW):
        outcome = run(app, job(lambda: each(["one", "two"], stop_within)))
    assert outcome is not None
    assert (outcome.items, outcome.is_cut_short) == (1, True)
    with transaction():
        assert counted() == {"one"}
    assert runs()[0].state == "failed"


def test_the_log_tells_what_a_run_has_cost(app, caplog):
    def work() -> Outcome:
        db.session.execute(sa.text("SELECT 1"))
        return Outcome(items=1)

    with clock.frozen(NOW), caplog.at_level(logging.INFO):
        run(app, job(work))
    [line] = [one for one in caplog.records if one.name == "jobs.runner"]
    assert line.getMessage() == "trial: 1 done, 0 failed"
    told = vars(line)["fields"]
    assert told["job"] == "trial"
    assert 0 < told["sql_ms"] <= told["ms"]
    assert told["statements"] > 1


def test_a_statement_is_known_by_its_job(app):
    seen = []

    def work() -> Outcome:
        seen.append(statements.present().place())
        return Outcome()

    run(app, job(work))
    assert seen == [{"job": "trial"}]
