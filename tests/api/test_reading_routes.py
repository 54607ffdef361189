"""Reading on the engines of the product, where every statement is on its own.

Elsewhere all of a test is one transaction, in which more is possible than in a request that reads.
"""

import json
from io import BytesIO

from openpyxl import load_workbook

from app.db import db, transaction
from app.domain.actor import Role
from app.models.import_batch import ImportBatch, ImportRow
from app.sealing import seal
from services.imports.results import FETCHED_AT_ONCE
from services.imports.working import CELLS_COLUMN
from tests.api.every_route import walk
from tests.api.rights.world import World
from tests.callers import Caller
from tests.factories import make_account, make_organisation


def test_every_route_that_reads_answers(committed_app):
    with committed_app.app_context(), transaction():
        stops = [stop for stop in walk(committed_app, World()) if stop.method == "GET"]
    broken = {stop.path: status for stop in stops if (status := stop.ask().status_code) >= 500}
    assert len(stops) > 50
    assert not broken


def test_rejected_rows_are_handed_back_in_order_however_many(committed_app):
    many = FETCHED_AT_ONCE + 2
    with committed_app.app_context(), transaction():
        unit = make_organisation().id
        officer = make_account(Role.REGISTER_OFFICER, organisation_id=unit)
        batch_id = _batch(unit, many)
        caller = Caller(committed_app.test_client(), officer)
    content = caller.get(f"/imports/{batch_id}/errors.xlsx").data
    rows = load_workbook(BytesIO(content)).active.iter_rows(min_row=2, values_only=True)
    assert [row[0] for row in rows] == [f"企业{number}" for number in range(many)]


def _batch(organisation_id: int, many: int) -> int:
    batch = ImportBatch(
        kind="enterprises",
        filename="登记.xlsx",
        digest="0" * 64,
        is_dry_run=False,
        organisation_id=organisation_id,
        headings=["企业名称"],
    )
    db.session.add(batch)
    db.session.flush()
    rows = [
        {
            "batch_id": batch.id,
            "row": number + 4,
            "verdict": "error",
            "field": "name",
            "reason": "名称有误",
            "name": "",
            "values": seal(json.dumps([f"企业{number}"]), CELLS_COLUMN),
        }
        for number in range(many)
    ]
    db.session.execute(db.insert(ImportRow), rows)
    return batch.id
