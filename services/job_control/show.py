"""任务一览: each job of the timetable, how its last run went, and what people did about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand
from app.domain.timetable import PLANS, TIMETABLE, Plan
from app.domain.work_calendar import LOCAL_ZONE
from app.models.account import Account
from app.models.job import JobPause, JobRequest
from app.models.operation import JobRun
from services.job_runs import LEASE
from services.paging import descending, fetch_page

NEWEST_FIRST = descending("newest-run", JobRun.slot, JobRun.id)


@dataclass(frozen=True, slots=True)
class RunShown:
    """One run. `asked_by` and `reason`: whose wish it was; `taken_from`: whose lost run it redid.

    `slot` is in business time, the rest in real time; `seconds` is None while it is at work.
    """

    id: int
    slot: datetime
    state: str
    host: str
    started_at: datetime
    finished_at: datetime | None
    seconds: float | None
    items: int
    failures: int
    detail: str | None
    taken_from: str | None
    asked_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A run that somebody asked for and that no scheduler has begun yet."""

    asked_by: str
    asked_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A job that is held back: by whom, why, until when at the latest."""

    paused_by: str
    paused_at: datetime
    paused_until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class JobShown:
    """A job with all that is known of it."""

    plan: Plan
    last_run: RunShown | None
    last_success_at: datetime | None
    is_overdue: bool
    pause: Pause | None
    wish: Wish | None


def list_jobs(actor: Actor, *, now: datetime, at: datetime) -> list[JobShown]:
    """Every job in the order of the timetable; `now` is business time, `at` real time.

    Raises `Forbidden`.
    """
    demand(actor, Permission.READ_JOBS)
    return _shown(TIMETABLE, now=now, at=at)


def read_job(actor: Actor, name: str, *, now: datetime, at: datetime) -> JobShown:
    """One job. Raises `Forbidden`, `NotFound`."""
    demand(actor, Permission.READ_JOBS)
    [job] = _shown([plan_of(name)], now=now, at=at)
    return job


def list_runs(actor: Actor, name: str, page: Page) -> tuple[list[RunShown], str | None]:
    """A page of the runs of a job, the latest slot first. Raises `Forbidden`, `NotFound`."""
    demand(actor, Permission.READ_JOBS)
    query = _RUNS.where(JobRun.job == plan_of(name).name)
    found = fetch_page(query, NEWEST_FIRST, page)
    return [RunShown(*row[: len(RunShown.__slots__)]) for row in found.rows], found.next_cursor


def plan_of(name: str) -> Plan:
    """The row of the timetable. Raises `NotFound`."""
    plan = PLANS.get(name)
    if plan is None:
        raise NotFound
    return plan


_ASKER = aliased(Account)
_COLUMNS = (
    JobRun.id,
    JobRun.slot,
    JobRun.state,
    JobRun.host,
    JobRun.started_at,
    JobRun.finished_at,
    sa.cast(sa.extract("epoch", JobRun.finished_at - JobRun.started_at), sa.Double).label(
        "seconds"
    ),
    JobRun.items,
    JobRun.failures,
    JobRun.detail,
    JobRun.taken_from,
    _ASKER.name.label("asked_by"),
    JobRequest.reason,
)
_RUNS: sa.Select[*tuple[Any, ...]] = (
    sa.select(*_COLUMNS)
    .select_from(JobRun)
    .outerjoin(JobRequest, JobRequest.id == JobRun.request_id)
    .outerjoin(_ASKER, _ASKER.id == JobRequest.asked_by)
)


def _shown(plans: Sequence[Plan], *, now: datetime, at: datetime) -> list[JobShown]:
    names = [plan.name for plan in plans]
    runs = {row.name: row for row in db.session.execute(_last_runs(names, at=at))}
    pauses, wishes = _pauses(names, at=at), _wishes(names)
    return [
        _job(plan, runs[plan.name], pauses.get(plan.name), wishes.get(plan.name), now)
        for plan in plans
    ]


def _job(plan: Plan, row: Any, pause: Pause | None, wish: Wish | None, now: datetime) -> JobShown:
    """Who is held back or at work is not overdue."""
    last_run = RunShown(*row[: len(RunShown.__slots__)]) if row.id else None
    is_waited_for = pause is None and not row.is_at_work
    is_overdue = is_waited_for and plan.is_overdue(row.done_slot, at=now)
    return JobShown(plan, last_run, _local(row.done_at), is_overdue, pause, wish)


def _last_runs(names: list[str], *, at: datetime) -> sa.Select[*tuple[Any, ...]]:
    """Of each job the newest run, and the newest that went well: along the index of the slots."""
    asked = sa.func.unnest(sa.cast(names, ARRAY(sa.Text))).table_valued("name").render_derived()
    name = asked.c.name
    newest: list[sa.UnaryExpression[Any]] = [JobRun.slot.desc(), JobRun.id.desc()]
    last = _RUNS.where(JobRun.job == name).order_by(*newest).limit(1).lateral("last")
    done = (
        sa.select(JobRun.slot, JobRun.finished_at)
        .where(JobRun.job == name, JobRun.state == "done")
        .order_by(*newest)
        .limit(1)
        .lateral("done")
    )
    is_at_work = sa.exists().where(
        JobRun.job == name, JobRun.state == "running", JobRun.started_at >= at - LEASE
    )
    return (
        sa.select(
            *last.c,
            name,
            done.c.slot.label("done_slot"),
            done.c.finished_at.label("done_at"),
            is_at_work.label("is_at_work"),
        )
        .select_from(asked)
        .outerjoin(last, sa.true())
        .outerjoin(done, sa.true())
    )


def _pauses(names: list[str], *, at: datetime) -> Mapping[str, Pause]:
    shown = (JobPause.paused_at, JobPause.paused_until, JobPause.reason)
    query = (
        sa.select(JobPause.job, Account.name, *shown)
        .join(Account, Account.id == JobPause.paused_by)
        .where(JobPause.job.in_(names), JobPause.ended_at.is_(None), JobPause.paused_until > at)
    )
    return {row[0]: Pause(*row[1:]) for row in db.session.execute(query)}


def _wishes(names: list[str]) -> Mapping[str, Wish]:
    query = (
        sa.select(JobRequest.job, Account.name, JobRequest.asked_at, JobRequest.reason)
        .join(Account, Account.id == JobRequest.asked_by)
        .where(JobRequest.job.in_(names), JobRequest.taken_at.is_(None))
    )
    return {row[0]: Wish(*row[1:]) for row in db.session.execute(query)}


def _local(instant: datetime | None) -> datetime | None:
    return instant and instant.astimezone(LOCAL_ZONE)
