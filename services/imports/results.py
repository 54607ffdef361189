"""What became of a batch: progress, counts, the verdict on each row, rows to hand back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.models.import_batch import UNDONE, ImportBatch, ImportRow
from app.sealing import unseal
from services.imports.judgement import Verdict
from services.imports.working import CELLS_COLUMN
from services.paging import ascending, fetch_page
from services.visibility.register import visible_imports

FETCHED_AT_ONCE = 1_000
BY_LINE = ascending("line", ImportRow.row)
REPORTED = (
    *(ImportRow.row, ImportRow.verdict, ImportRow.field, ImportRow.reason, ImportRow.name),
    *(ImportRow.effect, ImportRow.undone, ImportRow.undone_reason),
)


@dataclass(frozen=True, slots=True)
class BatchReport:
    """A batch as its importer sees it. `total` is an estimate until the batch is done.

    `counts` has a number for every verdict; `failure` says why a failed batch came to nothing.
    """

    id: int
    kind: str
    filename: str
    is_dry_run: bool
    state: str
    total: int | None
    processed: int
    counts: Mapping[str, int]
    undone: Mapping[str, int]
    notes: tuple[str, ...]
    failure: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class RowReport:
    """The verdict on one row of the sheet."""

    row: int
    verdict: str
    field: str
    reason: str
    name: str
    effect: str | None = None
    undone: str | None = None
    undone_reason: str | None = None


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows are wanted: of a verdict, and treated so by a rollback; None is any."""

    verdict: str | None = None
    undone: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The rows of a batch that have to be corrected, as they were written, with the reason."""

    headings: tuple[str, ...]
    rows: Iterator[tuple[tuple[str, ...], str]]


def get_report(actor: Actor, batch_id: int) -> BatchReport:
    """The state of a batch. Raises `NotFound` also for a batch that is not the actor's."""
    batch = _find(actor, batch_id)
    return BatchReport(
        id=batch.id,
        kind=batch.kind,
        filename=batch.filename,
        is_dry_run=batch.is_dry_run,
        state=batch.state,
        total=batch.total,
        processed=batch.processed,
        counts={verdict.value: batch.counts.get(verdict, 0) for verdict in Verdict},
        undone={what: batch.undone.get(what, 0) for what in UNDONE},
        notes=tuple(batch.notes),
        failure=batch.failure,
        created_at=batch.created_at,
        finished_at=batch.finished_at,
    )


def list_rows(
    actor: Actor, batch_id: int, wanted: RowFilter, page: Page
) -> tuple[list[RowReport], str | None]:
    """One page of verdicts in the order of the sheet, and the cursor of the next page.

    While the batch is at work: of the rows that are stored so far.
    """
    _find(actor, batch_id)
    query = sa.select(*REPORTED).where(ImportRow.batch_id == batch_id)
    if wanted.verdict is not None:
        query = query.where(ImportRow.verdict == wanted.verdict)
    if wanted.undone is not None:
        query = query.where(ImportRow.undone == wanted.undone)
    found = fetch_page(query, BY_LINE, page)
    return [RowReport(*row[: len(REPORTED)]) for row in found.rows], found.next_cursor


def get_rejected(actor: Actor, batch_id: int) -> Rejected:
    """The rows in error of a batch. Raises `NotFound`."""
    batch = _find(actor, batch_id)
    return Rejected(tuple(batch.headings), _rejected_rows(batch_id))


def _rejected_rows(batch_id: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """By slices: whoever only reads has no transaction in which a cursor would stay open."""
    query = (
        sa.select(ImportRow.row, ImportRow.values, ImportRow.reason)
        .where(ImportRow.batch_id == batch_id, ImportRow.verdict == Verdict.ERROR)
        .order_by(ImportRow.row)
        .limit(FETCHED_AT_ONCE)
    )
    last = 0
    while rows := db.session.execute(query.where(ImportRow.row > last)).all():
        for _, sealed, reason in rows:
            cells = json.loads(unseal(sealed, CELLS_COLUMN)) if sealed else ()
            yield tuple(cells), reason
        last = rows[-1].row


def _find(actor: Actor, batch_id: int) -> ImportBatch:
    query = sa.select(ImportBatch).where(ImportBatch.id == batch_id, visible_imports(actor))
    batch = db.session.scalar(query)
    if batch is None:
        raise NotFound
    return batch
