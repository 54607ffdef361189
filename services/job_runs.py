"""任务运行: one row per job and slot, so that any number of schedulers share the work.

Besides its slots a job has the runs that people ask for; while people hold it back, neither.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.models.job import JobPause, JobRequest
from app.models.operation import JobRun, Worker

LEASE = timedelta(hours=1)
"""After so long, a run that has not come to its end may be done again by whoever asks."""

SILENT = timedelta(minutes=2)
"""A process that says for so long not even that it lives is lost, and its runs with it."""

DETAIL_CHARACTERS = 4_000
LOST = "后台进程失去联系，没有做完。"


@dataclass(frozen=True, slots=True)
class End:
    """How a run ended: "done" or "failed", items, failures among them, and words about it."""

    state: str
    items: int = 0
    failures: int = 0
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class LostRun:
    """A run whose process is not heard of any more."""

    job: str
    slot: datetime
    host: str


def next_run(job: str, slot: datetime, host: str, *, at: datetime) -> int | None:
    """The run of `job` that is ours to do now: one that somebody asked for, else that of `slot`.

    None when somebody else has it, or the job is held back. `at` is real time.
    """
    is_paused, request_id = db.session.execute(_standing(job, at=at)).one()
    if is_paused:
        return None
    if request_id is not None and _is_ours(request_id, at=at):
        asked = {"job": job, "slot": slot, "host": host, "started_at": at}
        opening = sa.insert(JobRun).values(asked | {"request_id": request_id})
        return db.session.execute(opening.returning(JobRun.id)).scalar_one()
    return open_run(job, slot, host, at=at)


def open_run(job: str, slot: datetime, host: str, *, at: datetime) -> int | None:
    """The run of `job` in `slot`, ours to do; None when somebody has it. `at` is real time."""
    opening = insert(JobRun).values(job=job, slot=slot, host=host, started_at=at)
    again = {
        "host": host,
        "started_at": at,
        "state": "running",
        "finished_at": None,
        "detail": None,
        "taken_from": JobRun.host,
    }
    is_over = sa.and_(JobRun.state != "done", JobRun.started_at < at - LEASE)
    opening = opening.on_conflict_do_update(
        constraint="uq_job_runs_slot", set_=again, where=sa.or_(JobRun.state == "lost", is_over)
    )
    return db.session.execute(opening.returning(JobRun.id)).scalar_one_or_none()


def close_run(run_id: int, host: str, end: End, *, at: datetime) -> bool:
    """The end of a run; False when another process has taken it over meanwhile."""
    closing = (
        sa.update(JobRun)
        .where(JobRun.id == run_id, JobRun.host == host)
        .values(
            state=end.state,
            items=end.items,
            failures=end.failures,
            detail=end.detail and end.detail[:DETAIL_CHARACTERS],
            finished_at=at,
        )
    )
    return db.session.execute(closing.returning(JobRun.id)).first() is not None


def note_lost(*, at: datetime) -> list[LostRun]:
    """Note the runs whose process is lost, or bears its name anew, and answer them.

    The slot that a daily job is in is thereby free for the next who looks. `at` is real time.
    """
    lives = sa.exists().where(
        Worker.name == JobRun.host,
        Worker.seen_at >= at - SILENT,
        Worker.started_at <= JobRun.started_at,
    )
    noting = (
        sa.update(JobRun)
        .where(JobRun.state == "running", JobRun.started_at < at - SILENT, ~lives)
        .values(state="lost", finished_at=at, detail=LOST)
        .returning(JobRun.job, JobRun.slot, JobRun.host)
    )
    return [LostRun(*row) for row in db.session.execute(noting)]


def is_held_back(job: sa.ColumnElement[str] | str, *, at: datetime) -> sa.ColumnElement[bool]:
    """The condition that people hold `job` back at `at` (real time)."""
    return sa.exists().where(
        JobPause.job == job, JobPause.ended_at.is_(None), JobPause.paused_until > at
    )


def _standing(job: str, *, at: datetime) -> sa.Select[*tuple[Any, ...]]:
    waiting = sa.select(JobRequest.id).where(JobRequest.job == job, JobRequest.taken_at.is_(None))
    return sa.select(is_held_back(job, at=at), waiting.scalar_subquery())


def _is_ours(request_id: int, *, at: datetime) -> bool:
    """Of two who look at the same time, the second one finds it taken."""
    taking = (
        sa.update(JobRequest)
        .where(JobRequest.id == request_id, JobRequest.taken_at.is_(None))
        .values(taken_at=at)
        .returning(JobRequest.id)
    )
    return db.session.execute(taking).first() is not None
