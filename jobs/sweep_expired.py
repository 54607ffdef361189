"""清理: what has been kept long enough goes; the table of terms is in `services.expiry`."""

from collections.abc import Iterator

from flask import current_app

from app import clock
from app.db import transaction
from jobs.runner import Outcome, each
from services.attachments import abandoned_attachments, discard
from services.expiry import BATCH, RETENTION, Kept, delete_expired
from services.gateways.file_store import FileStore


def sweep_expired() -> Outcome:
    """Delete what is past its term: rows batch by batch, and files that nobody took up."""
    rows, files = _sweep_rows(), _sweep_files()
    return Outcome(
        items=rows.items + files.items,
        failures=rows.failures + files.failures,
        notes=[*rows.notes, *files.notes],
        is_cut_short=rows.is_cut_short or files.is_cut_short,
    )


def _sweep_rows() -> Outcome:
    last, total = 0, 0

    def due() -> Iterator[Kept]:
        nonlocal last
        for kept in RETENTION:
            last = BATCH
            while last == BATCH:
                last = 0
                yield kept

    def sweep(kept: Kept) -> bool:
        nonlocal last, total
        last = delete_expired(kept, at=clock.real())
        total += last
        return last > 0

    outcome = each(due(), sweep)
    outcome.items = total
    return outcome


def _sweep_files() -> Outcome:
    files = FileStore(current_app.config["SETTINGS"].file_store)
    with transaction():
        abandoned = abandoned_attachments(at=clock.now())
    return each(abandoned, lambda attachment_id: discard(attachment_id, files))
