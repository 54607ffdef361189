"""审计归档: what has been on line long enough goes to sealed files."""

from datetime import timedelta

from flask import current_app

from app import clock
from app.db import transaction
from jobs import runner
from jobs.runner import Outcome
from services.audit_archive import archive_next
from services.gateways.file_store import FileStore


def archive_audit() -> Outcome:
    """Archive piece by piece, each in a transaction of its own."""
    settings = current_app.config["SETTINGS"]
    files, keep = FileStore(settings.file_store), timedelta(days=settings.audit_keep_days)
    outcome, archived = Outcome(), 1
    while archived:
        if runner.stopping.is_set():
            outcome.is_cut_short = True
            break
        with transaction():
            archived = archive_next(files, keep, at=clock.real())
        outcome.items += archived
    return outcome
