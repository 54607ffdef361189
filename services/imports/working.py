"""Working one batch: workbook → verdicts → register, chunk by chunk, in one transaction."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import NotFound
from app.models.bulk import insert_rows
from app.models.import_batch import ImportBatch, ImportRow
from app.sealing import seal
from services.directory.areas import area_levels, local_zones, towns_of
from services.directory.housekeepers import Roster, load_roster
from services.directory.organisations import get_unit
from services.imports.batches import Claim, finish_batch, open_workbook, report_progress
from services.imports.columns import COLUMNS
from services.imports.enterprises import judge_enterprises
from services.imports.housekeepers import judge_housekeepers
from services.imports.judgement import STORED, Judgement, Register
from services.imports.sheets import SheetRow, open_register
from services.imports.storing import Work, settle_enterprises, settle_housekeepers

CHUNK = 500
CELLS_COLUMN = "import_rows.values"
WORKING = "work on an import"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done with the rows of one kind of workbook."""

    judge: Callable[[Iterable[SheetRow], Register], Iterator[Judgement[Any]]]
    settle: Callable[[Sequence[Judgement[Any]], Work], Sequence[Judgement[Any]]]


STEPS: Mapping[str, Steps] = {
    "enterprises": Steps(judge_enterprises, settle_enterprises),
    "housekeepers": Steps(judge_housekeepers, settle_housekeepers),
}


def work_batch(claim: Claim, *, at: datetime) -> Counter[str]:
    """Judge every row, store what may be stored; answers the number of rows per verdict.

    Raises `InvalidInput` where the workbook proves damaged on the way, and `Conflict` where the
    claim was lost; the caller then rolls everything back. `at` is business time.
    """
    batch = db.session.get(ImportBatch, claim.batch_id)
    if batch is None:
        raise NotFound
    # A worker thought dead may still hold rows; then this waits once, not row by row.
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(WORKING))))
    roster = load_roster()
    work = _work(batch, roster, at)
    register = _register(batch, roster)
    counts: Counter[str] = Counter()
    steps = STEPS[batch.kind]
    with open_register(open_workbook(batch), COLUMNS[batch.kind]) as sheet:
        for chunk in _chunks(steps.judge(sheet.rows, register)):
            judgements = steps.settle(chunk, work)
            _keep(judgements, batch.id)
            counts.update(judgement.verdict.value for judgement in judgements)
            report_progress(claim, counts.total(), at=clock.real())
    finish_batch(claim, counts, _notes(work), at=clock.real())
    return counts


def _work(batch: ImportBatch, roster: Roster, at: datetime) -> Work:
    authority = get_unit(batch.organisation_id) if batch.organisation_id else None
    return Work(batch.id, authority, batch.is_dry_run, roster, at)


def _register(batch: ImportBatch, roster: Roster) -> Register:
    return Register(
        areas=area_levels(batch.area_prefix),
        roster=roster,
        zones=local_zones(),
        towns=towns_of(batch.area_prefix),
        scope=batch.area_prefix,
    )


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk


def _keep(judgements: Sequence[Judgement[Any]], batch_id: int) -> None:
    rows = [
        {
            "batch_id": batch_id,
            "row": judgement.row,
            "verdict": judgement.verdict.value,
            "field": judgement.field,
            "reason": judgement.reason,
            "name": judgement.name,
            "values": _sealed_cells(judgement),
        }
        for judgement in judgements
    ]
    db.session.execute(insert_rows(ImportRow, rows))


def _sealed_cells(judgement: Judgement[Any]) -> bytes | None:
    if judgement.verdict in STORED:
        return None
    return seal(json.dumps(judgement.cells, ensure_ascii=False), CELLS_COLUMN)


def _notes(work: Work) -> list[str]:
    if work.is_dry_run:
        return ["预检：只检查，未写入登记库"]
    return [f"登记库新增或更新 {work.changed} 条"]
