"""Working one batch: file → verdicts → register, chunk by chunk, going on where it stopped."""

import gc
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, TypeAlias, TypeVar

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import NotFound
from app.models.import_batch import ImportBatch, ImportRow
from app.models.staging import copy_rows
from app.sealing import seal
from services.directory.areas import area_levels, local_zones, towns_of
from services.directory.housekeepers import load_roster
from services.directory.organisations import get_unit
from services.imports.batches import Claim, Progress, finish_batch, report_progress
from services.imports.columns import COLUMNS
from services.imports.enterprises import judge_enterprises
from services.imports.housekeepers import judge_housekeepers
from services.imports.judgement import STORED, Judgement, Register
from services.imports.lines import SheetRow
from services.imports.parts import open_parts
from services.imports.rosters import settle_housekeepers
from services.imports.sheets import open_register
from services.imports.storing import Settled, Work, settle_enterprises

CHUNK = 1_000
ALLOCATIONS = 20_000
CELLS_COLUMN = "import_rows.values"

Item = TypeVar("Item")
Edge: TypeAlias = Callable[[], AbstractContextManager[None]]
"""What surrounds each chunk: a transaction, or nothing where the caller's holds them all."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done with the rows of one kind of workbook."""

    judge: Callable[[Iterable[SheetRow], Register], Iterator[Judgement[Any]]]
    settle: Callable[[Sequence[Judgement[Any]], Work], Settled[Any]]


STEPS: Mapping[str, Steps] = {
    "enterprises": Steps(judge_enterprises, settle_enterprises),
    "housekeepers": Steps(judge_housekeepers, settle_housekeepers),
}


@dataclass(slots=True)
class Run:
    """A batch in the hands of a worker. `stored_row`, `counts`: how far it has come."""

    kind: str
    filename: str
    file: BinaryIO
    register: Register
    work: Work
    stored_row: int
    counts: Counter[str] = field(default_factory=Counter)


def work_batch(claim: Claim, *, edge: Edge = nullcontext, at: datetime) -> Counter[str]:
    """Judge every row, store what may be stored; answers the number of rows per verdict.

    Each chunk of rows is stored, with its verdicts and the progress, inside one `edge`, so that a
    worker that is killed loses no more than one chunk. Raises `InvalidInput` where the file proves
    damaged on the way, `Conflict` where the claim was lost; stored chunks stay. `at` is business
    time.
    """
    with edge():
        run = _begin(claim, at)
    columns = COLUMNS[run.kind]
    with open_register(run.file, columns, run.filename) as sheet, _collected_rarely():
        judged = STEPS[run.kind].judge(sheet.rows, run.register)
        for chunk in _ahead(_chunks(judged)):
            waiting = [judgement for judgement in chunk if judgement.row > run.stored_row]
            if waiting:
                with edge():
                    _store(waiting, run, claim)
    with edge():
        finish_batch(claim, _notes(run.work), at=clock.real())
    return run.counts


def _begin(claim: Claim, at: datetime) -> Run:
    batch = db.session.get(ImportBatch, claim.batch_id, populate_existing=True)
    if batch is None:
        raise NotFound
    batch.worked_at = batch.worked_at or at
    roster = load_roster()
    authority = get_unit(batch.organisation_id) if batch.organisation_id else None
    work = Work(batch.id, authority, batch.is_dry_run, roster, batch.worked_at)
    if batch.stored_row:
        _remember(work)
    register = Register(
        areas=area_levels(batch.area_prefix),
        roster=roster,
        zones=local_zones(),
        towns=towns_of(batch.area_prefix),
        scope=batch.area_prefix,
    )
    file = open_parts(batch.id)
    counts = Counter(batch.counts)
    return Run(batch.kind, batch.filename, file, register, work, batch.stored_row, counts)


def _remember(work: Work) -> None:
    """What the batch has done before it was interrupted."""
    stored = sa.select(ImportRow.subject_id, ImportRow.effect).where(
        ImportRow.batch_id == work.batch_id, ImportRow.subject_id.is_not(None)
    )
    for row in db.session.execute(stored):
        work.met.add(row.subject_id or 0)
        work.changed += row.effect in ("created", "changed")


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk


@contextmanager
def _collected_rarely() -> Iterator[None]:
    """Rows hang together in no circles; to look for some takes a sixth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(ALLOCATIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each made in a thread while the one before it is at work.

    Reading and judging ask nothing of the database; storing mostly waits for it.
    """
    with ThreadPoolExecutor(1) as maker:
        following = maker.submit(next, items, None)
        while (item := following.result()) is not None:
            following = maker.submit(next, items, None)
            yield item


def _store(chunk: Sequence[Judgement[Any]], run: Run, claim: Claim) -> None:
    settled = STEPS[run.kind].settle(chunk, run.work)
    _keep(settled, run.work.batch_id)
    run.counts.update(judgement.verdict.value for judgement in settled.judgements)
    run.stored_row = chunk[-1].row
    report_progress(claim, Progress(run.counts, run.stored_row), at=clock.real())


def _keep(settled: Settled[Any], batch_id: int) -> None:
    effects = settled.effects
    rows = [
        {
            "batch_id": batch_id,
            "row": judgement.row,
            "verdict": judgement.verdict.value,
            "field": judgement.field,
            "reason": judgement.reason,
            "name": judgement.name,
            "values": _sealed_cells(judgement),
            "subject_id": effects[judgement.row].subject_id if judgement.row in effects else None,
            "effect": effects[judgement.row].kind if judgement.row in effects else None,
        }
        for judgement in settled.judgements
    ]
    copy_rows(db.session.connection(), ImportRow, rows)


def _sealed_cells(judgement: Judgement[Any]) -> bytes | None:
    if judgement.verdict in STORED:
        return None
    return seal(json.dumps(judgement.cells, ensure_ascii=False), CELLS_COLUMN)


def _notes(work: Work) -> list[str]:
    if work.is_dry_run:
        return ["预检：只检查，未写入登记库"]
    return [f"登记库新增或更新 {work.changed} 条"]
