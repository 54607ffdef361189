"""/healthz and /readyz: is the process alive; can it do its work."""

from datetime import timedelta
from functools import cache
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.schemas.health import Alive, Ready
from services import health
from services.health import Report, Unprepared

blueprint = resource("health", "运行状态", prefix="")

SILENT_SCHEDULER = timedelta(minutes=2)
UNAVAILABLE = {"status": "unavailable"}


@blueprint.route("/healthz", methods=["GET"])
@gate.public
@blueprint.unlimited
@blueprint.response(200, Alive, description="进程正常")
@blueprint.doc(operationId="checkHealth", summary="进程是否存活")
def healthz() -> Response:
    """只说明进程能回答，不查数据库。"""
    return answer({"status": "ok"})


@blueprint.route("/readyz", methods=["GET"])
@gate.public
@blueprint.unlimited
@blueprint.response(200, Ready, description="可以提供服务")
@blueprint.alt_response(503, schema=Ready, description="暂时不能提供服务，逐项说明缺什么")
@blueprint.doc(operationId="checkReadiness", summary="能否提供服务")
def readyz() -> Response:
    """数据库能否访问、版本是否最新，决定状态码；其余各项只供监视，缺了仍可办理。"""
    try:
        movable = current_app.config["BUSINESS_CLOCK_MOVES"]
        report = health.report(is_clock_movable=movable, at=clock.real())
    except Unprepared:
        return answer(UNAVAILABLE | {"database": True, "migrations": False}, 503)
    except SQLAlchemyError:
        return answer(UNAVAILABLE | {"database": False}, 503)
    if report.migration not in _newest_migrations():
        return answer(UNAVAILABLE | _told(report, is_migrated=False), 503)
    return answer({"status": "ok"} | _told(report, is_migrated=True))


def _told(report: Report, *, is_migrated: bool) -> dict[str, Any]:
    return {
        "database": True,
        "migrations": is_migrated,
        "scheduler": report.silent_for is not None and report.silent_for < SILENT_SCHEDULER,
        "workers": report.workers,
        "heartbeats": list(report.heartbeats),
        "paused_jobs": list(report.paused_jobs),
        "oldest_due_seconds": int(report.overdue_for.total_seconds()),
        "oldest_warning_seconds": int(report.warnings_overdue_for.total_seconds()),
        "wechat": _wechat(report),
        "wecom": _wecom(report),
    }


def _wechat(report: Report) -> str:
    if not current_app.config["SETTINGS"].wechat_appid:
        return "off"
    return "unavailable" if report.is_wechat_shut else "ok"


def _wecom(report: Report) -> str:
    if current_app.config["WECOM"] is None:
        return "off"
    return "unavailable" if report.is_wecom_shut else "ok"


@cache
def _newest_migrations() -> frozenset[str]:
    """Read once: the code of a process does not change."""
    config: Config = current_app.extensions["migrate"].migrate.get_config()
    return frozenset(ScriptDirectory.from_config(config).get_heads())
