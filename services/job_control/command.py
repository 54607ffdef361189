"""任务管理: ask for a run, hold a job back, let it go on; who and why is on record.

All in real time, as the schedulers' own looking is.
"""

import logging
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict, FieldError, InvalidInput
from app.domain.permissions import Permission, demand
from app.domain.timetable import Plan
from app.domain.work_calendar import LOCAL_ZONE
from app.models.job import JobPause, JobRequest
from services import audit
from services.job_control.show import plan_of
from services.job_runs import is_held_back

log = logging.getLogger(__name__)

USUAL_PAUSE = timedelta(days=1)


class JobPaused(Conflict):
    """这项任务已暂停，请先恢复。"""

    code = "job-paused"


class JobNotPaused(Conflict):
    """这项任务没有暂停。"""

    code = "job-not-paused"


class RunAwaited(Conflict):
    """已有人要求立即运行这项任务，调度进程尚未开始，无须重复要求。"""

    code = "run-awaited"


def ask_for_run(actor: Actor, name: str, reason: str, *, at: datetime) -> None:
    """Let the next scheduler that looks at the job run it, once.

    Raises `Forbidden`, `NotFound`, `JobPaused`, `RunAwaited`.
    """
    demand(actor, Permission.MANAGE_JOBS)
    plan = plan_of(name)
    _lock(plan)
    if db.session.scalar(sa.select(is_held_back(plan.name, at=at))):
        raise JobPaused
    waiting = sa.exists().where(JobRequest.job == plan.name, JobRequest.taken_at.is_(None))
    if db.session.scalar(sa.select(waiting)):
        raise RunAwaited
    asked = JobRequest(job=plan.name, reason=reason, asked_by=actor.account_id, asked_at=at)
    db.session.add(asked)
    db.session.flush()
    audit.record(actor, "run_job", f"job:{plan.name}", {"reason": reason})


def pause_job(
    actor: Actor, name: str, reason: str, until: datetime | None, *, at: datetime
) -> None:
    """Hold the job back on all hosts; what is at work comes to its end. Without `until`, a day.

    Raises `Forbidden`, `NotFound`, `InvalidInput` (/until), `JobPaused`.
    """
    demand(actor, Permission.MANAGE_JOBS)
    plan = plan_of(name)
    end = _end_of(plan, until, at=at)
    _lock(plan)
    if db.session.scalar(sa.select(is_held_back(plan.name, at=at))):
        raise JobPaused
    _end_by_themselves(plan)
    db.session.add(
        JobPause(
            job=plan.name,
            reason=reason,
            paused_by=actor.account_id,
            paused_at=at,
            paused_until=end,
        )
    )
    db.session.flush()
    shown = end.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")
    audit.record(actor, "pause_job", f"job:{plan.name}", {"reason": reason, "until": shown})
    log.error("job %s is held back by people until %s", plan.name, shown)


def resume_job(actor: Actor, name: str, reason: str, *, at: datetime) -> None:
    """Let the job go on; what it missed is made up once. Raises `JobNotPaused` and the like."""
    demand(actor, Permission.MANAGE_JOBS)
    plan = plan_of(name)
    ending = (
        sa.update(JobPause)
        .where(JobPause.job == plan.name, JobPause.ended_at.is_(None), JobPause.paused_until > at)
        .values(ended_at=at, ended_by=actor.account_id, end_reason=reason)
        .returning(JobPause.id)
    )
    if db.session.execute(ending).first() is None:
        raise JobNotPaused
    audit.record(actor, "resume_job", f"job:{plan.name}", {"reason": reason})


def _end_of(plan: Plan, until: datetime | None, *, at: datetime) -> datetime:
    end = until or at + USUAL_PAUSE
    if end <= at:
        raise _refused("past", "应晚于现在。")
    if end > at + plan.pause_at_most:
        raise _refused("too-long", f"这项任务一次最多暂停 {plan.pause_at_most.days} 天。")
    return end


def _refused(code: str, detail: str) -> InvalidInput:
    return InvalidInput([FieldError("/until", code, detail)])


def _end_by_themselves(plan: Plan) -> None:
    """Earlier pauses that nobody ended are over since their time was."""
    over = sa.update(JobPause).where(JobPause.job == plan.name, JobPause.ended_at.is_(None))
    db.session.execute(over.values(ended_at=JobPause.paused_until))


def _lock(plan: Plan) -> None:
    """Two who want something of the same job come one after the other."""
    key = sa.func.hashtextextended(f"job:{plan.name}", 0)
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
