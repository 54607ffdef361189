"""/healthz and /readyz: is the process alive; can it do its work."""

from datetime import timedelta
from functools import cache

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

blueprint = resource("health", "运行状态", prefix="")

SILENT_SCHEDULER = timedelta(minutes=2)


@blueprint.route("/healthz", methods=["GET"])
@gate.public
@blueprint.response(200, Alive, description="进程正常")
@blueprint.doc(operationId="checkHealth", summary="进程是否存活")
def healthz() -> Response:
    """只说明进程能回答，不查数据库。"""
    return answer({"status": "ok"})


@blueprint.route("/readyz", methods=["GET"])
@gate.public
@blueprint.response(200, Ready, description="可以提供服务")
@blueprint.alt_response(503, schema=Ready, description="暂时不能提供服务，逐项说明缺什么")
@blueprint.doc(operationId="checkReadiness", summary="能否提供服务")
def readyz() -> Response:
    """数据库、数据库版本和定时任务。定时任务不在时仍可办理，故不影响状态码。"""
    try:
        report = health.report(at=clock.real())
    except SQLAlchemyError:
        return answer({"status": "unavailable", "database": False}, 503)
    is_migrated = report.migration in _newest_migrations()
    is_scheduled = report.silent_for is not None and report.silent_for < SILENT_SCHEDULER
    body = {
        "status": "ok" if is_migrated else "unavailable",
        "database": True,
        "migrations": is_migrated,
        "scheduler": is_scheduled,
    }
    return answer(body, 200 if is_migrated else 503)


@cache
def _newest_migrations() -> frozenset[str]:
    """Read once: the code of a process does not change."""
    config: Config = current_app.extensions["migrate"].migrate.get_config()
    return frozenset(ScriptDirectory.from_config(config).get_heads())
