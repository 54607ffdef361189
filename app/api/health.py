"""/healthz and /readyz: is the process alive; can it do its work."""

from datetime import timedelta

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.api import gate
from app.api.answers import answer
from services import health

blueprint = Blueprint("health", __name__)

SILENT_SCHEDULER = timedelta(minutes=2)


@blueprint.get("/healthz")
@gate.public
def healthz() -> Response:
    """The process answers."""
    return answer({"status": "ok"})


@blueprint.get("/readyz")
@gate.public
def readyz() -> Response:
    """Database, migrations and scheduler. 503 names what is missing."""
    try:
        report = health.report(at=clock.real())
    except SQLAlchemyError:
        return answer({"status": "unavailable", "database": False}, 503)
    heads = ScriptDirectory.from_config(_alembic()).get_heads()
    is_migrated = report.migration in heads
    is_scheduled = report.silent_for is not None and report.silent_for < SILENT_SCHEDULER
    body = {
        "status": "ok" if is_migrated else "unavailable",
        "database": True,
        "migrations": is_migrated,
        "scheduler": is_scheduled,
    }
    return answer(body, 200 if is_migrated else 503)


def _alembic() -> Config:
    config: Config = current_app.extensions["migrate"].migrate.get_config()
    return config
