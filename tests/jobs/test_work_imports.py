"""The job that works queued workbooks: each once, whoever comes, progress seen from outside."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.models.enterprise import Enterprise
from app.models.import_batch import ImportBatch
from jobs.work_imports import work_imports
from services.imports.batches import Upload, claim_batch, queue_batch
from services.imports.results import get_report
from services.imports.working import work_batch
from tests.services.imports.register import FIRST, importer, make_roster
from tests.services.imports.workbooks import enterprise, repacked, workbook


def queued(actor, file):
    upload = Upload("enterprises", "登记.xlsx", file.getvalue(), is_dry_run=False)
    return queue_batch(actor, upload)


def cut(name, content):
    return content[:-300] if "sheet1" in name else content


def test_every_waiting_workbook_is_worked_and_a_damaged_one_says_why(database):
    officer = importer()
    make_roster(officer, FIRST)
    rows = [enterprise(统一社会信用代码=None, 企业名称=f"{n}号商店") for n in range(600)]
    damaged = queued(officer, repacked(workbook(rows), cut))
    good = queued(officer, workbook())
    outcome = work_imports()
    assert (outcome.items, outcome.failures) == (2, 1)
    assert [get_report(officer, each).state for each in (damaged, good)] == ["failed", "done"]
    assert "损坏" in (get_report(officer, damaged).failure or "")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Enterprise)) == 1
    assert work_imports().items == 0


@pytest.fixture
def committed(committed_app):
    with committed_app.app_context(), transaction():
        officer = importer()
        make_roster(officer, FIRST)
    with committed_app.app_context():
        yield officer


def test_of_two_schedulers_one_gets_the_batch(committed, committed_app):
    with transaction():
        for _ in range(2):
            queued(committed, workbook())
    together = Barrier(2)

    def claim(_):
        with committed_app.app_context(), transaction():
            together.wait()
            return claim_batch(at=clock.real())

    with ThreadPoolExecutor(2) as schedulers:
        claims = list(schedulers.map(claim, range(2)))
    assert [bool(claim) for claim in claims].count(True) == 1


def outside(batch_id):
    """What another connection sees: the state, the progress, the enterprises stored."""
    batch = sa.select(ImportBatch.state, ImportBatch.processed).where(ImportBatch.id == batch_id)
    enterprises = sa.select(sa.func.count()).select_from(Enterprise)
    with db.engines[None].connect() as other:
        return (*other.execute(batch).one(), other.scalar(enterprises))


def test_progress_is_seen_from_outside_before_anything_is_stored(committed):
    with transaction():
        batch_id = queued(committed, workbook([enterprise(), enterprise(手机="1")]))
        claim = claim_batch(at=clock.real())
    assert claim
    with transaction():
        work_batch(claim, at=clock.now())
        assert outside(batch_id) == ("running", 2, 0)
    assert outside(batch_id) == ("done", 2, 1)
