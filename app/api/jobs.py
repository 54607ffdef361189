"""定时任务: what works by itself, how it went; run now, hold back, go on."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.jobs import JobItem, JobList, JobReason, JobRunPage, PauseBody
from app.domain.permissions import Permission
from services.job_control.command import ask_for_run, pause_job, resume_job
from services.job_control.show import JobShown, list_jobs, list_runs, read_job

blueprint = resource("jobs", "定时任务")


@blueprint.route("/jobs", methods=["GET"])
@gate.requires(Permission.READ_JOBS)
@blueprint.response(200, JobList, description="全部定时任务")
@blueprint.doc(operationId="listJobs", summary="定时任务一览")
def listing() -> Response:
    """系统管理员可见。每项任务何时运行、最近一次的情况、是否逾期、是否暂停；按任务表的顺序。"""
    jobs = list_jobs(gate.actor(), now=clock.now(), at=clock.real())
    return answer({"items": [_shown(job) for job in jobs]})


@blueprint.route("/jobs/<string:job_name>/runs", methods=["GET"])
@gate.requires(Permission.READ_JOBS)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, JobRunPage, description="一页运行记录")
@blueprint.doc(operationId="listJobRuns", summary="定时任务的运行记录")
def runs(query: dict[str, Any], job_name: str) -> Response:
    """新的在前。保留七天；没有办理任何项的，一小时后只留最近一次。"""
    found, cursor = list_runs(gate.actor(), job_name, page_of(query))
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/jobs/<string:job_name>/run", methods=["POST"])
@gate.requires(Permission.MANAGE_JOBS)
@idempotent()
@blueprint.arguments(JobReason)
@blueprint.response(202, JobItem, description="已登记，等待调度进程开始")
@blueprint.doc(operationId="runJob", summary="立即运行一次")
def run(body: dict[str, Any], job_name: str) -> Response:
    """由下一个查看该任务的调度进程运行一次，不影响按时的运行。暂停中的须先恢复。"""
    ask_for_run(gate.actor(), job_name, body["reason"], at=clock.real())
    return _answered(job_name, 202)


@blueprint.route("/jobs/<string:job_name>/pause", methods=["POST"])
@gate.requires(Permission.MANAGE_JOBS)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(PauseBody)
@blueprint.response(200, JobItem, description="已暂停")
@blueprint.doc(operationId="pauseJob", summary="暂停")
def pause(body: dict[str, Any], job_name: str) -> Response:
    """所有主机的调度进程都不再开始该任务，正在进行的一次会做完。到期自行恢复，期间有告警。"""
    pause_job(gate.actor(), job_name, body["reason"], body["until"], at=clock.real())
    return _answered(job_name, 200)


@blueprint.route("/jobs/<string:job_name>/resume", methods=["POST"])
@gate.requires(Permission.MANAGE_JOBS)
@idempotent()
@blueprint.arguments(JobReason)
@blueprint.response(200, JobItem, description="已恢复")
@blueprint.doc(operationId="resumeJob", summary="恢复")
def resume(body: dict[str, Any], job_name: str) -> Response:
    """错过的运行由下一次补做，只补一次。"""
    resume_job(gate.actor(), job_name, body["reason"], at=clock.real())
    return _answered(job_name, 200)


def _answered(name: str, status: int) -> Response:
    job = read_job(gate.actor(), name, now=clock.now(), at=clock.real())
    place = f"/api/v1/jobs/{name}/runs" if status == 202 else None
    return answer(_shown(job), status, location=place)


def _shown(job: JobShown) -> dict[str, Any]:
    plan = job.plan
    return {
        "name": plan.name,
        "title": plan.title,
        "purpose": plan.purpose,
        "every_seconds": int(plan.every.total_seconds()),
        "daily_time": plan.daily_at and f"{plan.daily_at:%H:%M}",
        "pause_at_most_days": plan.pause_at_most.days,
        "last_run": job.last_run and asdict(job.last_run),
        "last_success_at": job.last_success_at,
        "is_overdue": job.is_overdue,
        "pause": job.pause and asdict(job.pause),
        "wish": job.wish and asdict(job.wish),
    }
