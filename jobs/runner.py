"""How a job runs: one run per slot whoever asks, one transaction per item, faults kept apart.

Any number of schedulers on any number of hosts may ask for the same run; the unique row of its slot
gives it to one of them. What people ask for is done once, what they hold back by nobody.
"""

import logging
from collections.abc import Callable, Iterable
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import Any, TypeVar

from flask import Flask

from app import clock, statements
from app.db import transaction
from app.domain.timetable import Plan
from services import business_clock, job_runs, workers
from services.job_runs import End

log = logging.getLogger(__name__)

Item = TypeVar("Item")

stopping = Event()
"""Set when the process has been told to end: the present item is finished, no other begun."""


@dataclass(slots=True)
class Outcome:
    """What a run did: items worked, failures among them, and words for whoever looks into it."""

    items: int = 0
    failures: int = 0
    notes: list[str] = field(default_factory=list)
    is_cut_short: bool = False

    def add(self, part: "Outcome") -> None:
        """Count a part of the run in."""
        self.items += part.items
        self.failures += part.failures
        self.notes += part.notes
        self.is_cut_short |= part.is_cut_short


@dataclass(frozen=True, slots=True)
class Job:
    """定时任务: what is done for a row of the timetable.

    A run that was missed while nobody was there is made up once, by the next one.
    """

    plan: Plan
    function: Callable[[], Outcome]

    @property
    def name(self) -> str:
        """By this it is known in the database, in logs and to people."""
        return self.plan.name


def run(app: Flask, job: Job) -> Outcome | None:
    """Do `job` once; None when somebody else has or had the present slot, or it is held back."""
    return copy_context().run(_run, app, job)


def _run(app: Flask, job: Job) -> Outcome | None:
    statements.begin(lambda: {"job": job.name})
    with app.app_context():
        if app.config["BUSINESS_CLOCK_MOVES"]:
            clock.set_offset(timedelta(seconds=business_clock.offset_seconds()))
        with transaction():
            slot, host = job.plan.slot(at=clock.now()), workers.own_name()
            run_id = job_runs.next_run(job.name, slot, host, at=clock.real())
        if run_id is None:
            return None
        outcome = _worked(job, run_id)
        if outcome.items or outcome.failures:
            counts = (job.name, outcome.items, outcome.failures)
            log.info("%s: %d done, %d failed", *counts, extra={"fields": _costs(job)})
        return outcome


def _costs(job: Job) -> dict[str, Any]:
    tally = statements.present()
    return {
        "job": job.name,
        "ms": tally.milliseconds(),
        "statements": tally.statements,
        "sql_ms": tally.sql_milliseconds(),
    }


def _worked(job: Job, run_id: int) -> Outcome:
    state = "failed"
    outcome = Outcome(failures=1)
    try:
        outcome = job.function()
        state = "failed" if outcome.is_cut_short else "done"
    except Exception as error:
        log.exception("%s broke off", job.name)
        outcome.notes.append(_named(error))
    detail = "\n".join(outcome.notes) or None
    end = End(state, outcome.items, outcome.failures, detail)
    with transaction():
        is_ours = job_runs.close_run(run_id, workers.own_name(), end, at=clock.real())
    if not is_ours:
        log.warning("%s ended after another process had taken the run over", job.name)
    return outcome


def each(items: Iterable[Item], work: Callable[[Item], bool]) -> Outcome:
    """Work every item in a transaction of its own; `work` says whether there was anything to do.

    An item that fails is undone, logged and counted, and the others go on. Items are named in the
    log and in the notes, so the text of one must tell nothing private.
    """
    outcome = Outcome()
    for item in items:
        if stopping.is_set():
            outcome.is_cut_short = True
            break
        try:
            with transaction():
                outcome.items += work(item)
        except Exception as error:
            log.exception("item %s failed", item)
            outcome.failures += 1
            outcome.notes.append(f"{item}: {_named(error)}")
    return outcome


def _named(error: Exception) -> str:
    """Which error, and the database's code for it; not what it says, which may quote a row."""
    sqlstate = getattr(getattr(error, "orig", error), "sqlstate", None)
    return f"{type(error).__name__} {sqlstate}" if sqlstate else type(error).__name__
