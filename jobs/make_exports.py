"""Make the exports that wait, one by one, and take away the files that were kept long enough."""

from datetime import timedelta

from flask import current_app

from app import clock
from app.db import transaction
from app.domain.errors import DomainError
from jobs import runner
from jobs.runner import Outcome, each
from services.exports.files import discard_file, expired_exports
from services.exports.making import Claim, claim_export, fail_export, keep_workbook, make_workbook
from services.gateways.file_store import FileStore


def make_exports() -> Outcome:
    """Make every export that waits; one that is refused says why, and counts as a failure."""
    outcome = Outcome()
    while not runner.stopping.is_set() and (claim := _claim()):
        outcome.items += 1
        outcome.failures += not _make(claim)
    return outcome


def expire_exports() -> Outcome:
    """Take away the files whose time is over."""
    files = _files()
    with transaction():
        expired = expired_exports(at=clock.now())
    return each(expired, lambda export_id: discard_file(export_id, files))


def _claim() -> Claim | None:
    with transaction():
        return claim_export(at=clock.real())


def _make(claim: Claim) -> bool:
    kept_for = timedelta(days=current_app.config["SETTINGS"].export_days)
    try:
        with transaction():
            made = make_workbook(claim, at=clock.now())
        with transaction():
            keep_workbook(claim, made, _files(), until=clock.now() + kept_for)
    except DomainError as error:
        with transaction():
            fail_export(claim, error.detail, at=clock.now())
        return False
    return True


def _files() -> FileStore:
    return FileStore(current_app.config["SETTINGS"].file_store)
