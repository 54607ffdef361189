"""任务运行: one row per job and slot, so that any number of schedulers share the work."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.models.operation import JobRun

LEASE = timedelta(hours=1)
"""After so long, a run that has not come to its end may be done again by whoever asks."""

DETAIL_CHARACTERS = 4_000


def open_run(job: str, slot: datetime, host: str, *, at: datetime) -> int | None:
    """The run of `job` in `slot`, ours to do; None when somebody has it. `at` is real time."""
    opening = insert(JobRun).values(job=job, slot=slot, host=host, started_at=at)
    again = {"host": host, "started_at": at, "state": "running", "finished_at": None}
    opening = opening.on_conflict_do_update(
        constraint="uq_job_runs_slot",
        set_=again,
        where=sa.and_(JobRun.state != "done", JobRun.started_at < at - LEASE),
    )
    return db.session.execute(opening.returning(JobRun.id)).scalar_one_or_none()


def close_run(
    run_id: int, state: str, counts: tuple[int, int], detail: str | None, *, at: datetime
) -> None:
    """The end of a run: "done" or "failed", with `counts` of items and of failures among them."""
    items, failures = counts
    db.session.execute(
        sa.update(JobRun)
        .where(JobRun.id == run_id)
        .values(
            state=state,
            items=items,
            failures=failures,
            detail=detail and detail[:DETAIL_CHARACTERS],
            finished_at=at,
        )
    )
