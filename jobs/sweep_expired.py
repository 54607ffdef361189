"""清理: what has been kept long enough goes; the table of terms is in `services.expiry`."""

from flask import current_app

from app import clock
from app.db import transaction
from jobs.runner import Outcome, each
from services.attachments import abandoned_attachments, discard
from services.expiry import RETENTION, Kept, delete_expired
from services.gateways.file_store import FileStore


def sweep_expired() -> Outcome:
    """Delete what is past its term: rows table by table, and files that nothing refers to."""
    rows, files = _sweep_rows(), _sweep_files()
    return Outcome(
        items=rows.items + files.items,
        failures=rows.failures + files.failures,
        notes=[*rows.notes, *files.notes],
        is_cut_short=rows.is_cut_short or files.is_cut_short,
    )


def _sweep_rows() -> Outcome:
    deleted = []

    def sweep(kept: Kept) -> bool:
        deleted.append(delete_expired(kept, at=clock.real()))
        return deleted[-1] > 0

    outcome = each(RETENTION, sweep)
    outcome.items = sum(deleted)
    return outcome


def _sweep_files() -> Outcome:
    files = FileStore(current_app.config["SETTINGS"].file_store)
    with transaction():
        abandoned = abandoned_attachments(at=clock.now())
    return each(abandoned, lambda attachment_id: discard(attachment_id, files))
