"""清理: what has been kept long enough goes; the table of terms is `services.expiry.table`."""

from collections.abc import Callable, Iterable, Iterator

from flask import current_app

from app import clock
from app.db import transaction
from app.domain.retention import Terms
from jobs.runner import Item, Outcome, each
from services.attachments import abandoned_attachments, discard
from services.expired_tickets import delete_next_tickets
from services.expiry.kept import Kept, delete_expired
from services.expiry.table import LONG, SHORT, TICKETS
from services.gateways.file_store import FileStore
from services.program_codes import discard_code, expired_codes


def sweep_expired() -> Outcome:
    """Delete what is kept for hours and days: rows batch by batch, and files nobody took up."""
    return _together(_until_nothing_is_left(SHORT, _sweep_rows), _sweep_files())


def retire_records() -> Outcome:
    """Delete what is kept for weeks and years: tickets, and then rows of other tables."""
    return _together(
        _until_nothing_is_left([TICKETS], _sweep_tickets), _until_nothing_is_left(LONG, _sweep_rows)
    )


def _until_nothing_is_left(items: Iterable[Item], work: Callable[[Item], int]) -> Outcome:
    """Work each item in transactions of their own, as often as there is something to do."""
    last, total = 0, 0

    def again() -> Iterator[Item]:
        nonlocal last
        for item in items:
            last = 1
            while last:
                last = 0
                yield item

    def counted(item: Item) -> bool:
        nonlocal last, total
        last = work(item)
        total += last
        return last > 0

    outcome = each(again(), counted)
    outcome.items = total
    return outcome


def _sweep_rows(kept: Kept) -> int:
    return delete_expired(kept, _terms(), at=clock.real())


def _sweep_tickets(_: Kept) -> int:
    return delete_next_tickets(_terms(), _files(), at=clock.now())


def _sweep_files() -> Outcome:
    files = _files()
    with transaction():
        abandoned = abandoned_attachments(at=clock.now())
        useless = expired_codes(at=clock.real())
    return _together(
        each(abandoned, lambda attachment_id: discard(attachment_id, files)),
        each(useless, lambda code_id: discard_code(code_id, files)),
    )


def _together(first: Outcome, second: Outcome) -> Outcome:
    return Outcome(
        items=first.items + second.items,
        failures=first.failures + second.failures,
        notes=[*first.notes, *second.notes],
        is_cut_short=first.is_cut_short or second.is_cut_short,
    )


def _terms() -> Terms:
    terms: Terms = current_app.config["RETENTION"]
    return terms


def _files() -> FileStore:
    return FileStore(current_app.config["SETTINGS"].file_store)
