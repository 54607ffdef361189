"""The job that works queued workbooks: each once, whoever comes, progress seen from outside."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Barrier

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.domain.errors import Conflict
from app.models.enterprise import Enterprise
from app.models.import_batch import ImportBatch
from jobs.work_imports import work_imports
from services.imports.batches import LEASE, Upload, claim_batch, queue_batch
from services.imports.results import get_report
from services.imports.rollback import request_rollback, roll_back
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


class Killed(BaseException):
    """What `kill -9` is to a worker: nothing after it is done."""


def traders(count):
    return workbook(
        [enterprise(统一社会信用代码=None, 企业名称=f"{n}号商店") for n in range(count)]
    )


def claimed(officer, file):
    with transaction():
        batch_id = queued(officer, file)
        claim = claim_batch(at=clock.real())
    assert claim
    return batch_id, claim


def test_others_see_every_chunk_as_soon_as_it_is_stored(committed, monkeypatch):
    monkeypatch.setattr("services.imports.working.CHUNK", 2)
    batch_id, claim = claimed(committed, traders(5))
    seen = []

    @contextmanager
    def watched():
        with transaction():
            yield
        seen.append(outside(batch_id))

    work_batch(claim, at=clock.now(), edge=watched)
    assert seen == [
        ("running", 0, 0),
        ("running", 2, 2),
        ("running", 4, 4),
        ("running", 5, 5),
        ("done", 5, 5),
    ]


def killed_before(chunk):
    """Transactions of which the so many-th is cut off before its end."""
    numbers = count()

    @contextmanager
    def edge():
        with transaction():
            yield
            if next(numbers) == chunk:
                raise Killed

    return edge


def test_a_killed_import_loses_one_chunk_and_goes_on_from_there(committed, monkeypatch):
    monkeypatch.setattr("services.imports.working.CHUNK", 2)
    batch_id, claim = claimed(committed, traders(5))
    with pytest.raises(Killed):
        work_batch(claim, at=clock.now(), edge=killed_before(2))
    assert outside(batch_id) == ("running", 2, 2)
    with transaction():
        again = claim_batch(at=clock.real() + LEASE)
    assert again
    counts = work_batch(again, at=clock.now() + LEASE, edge=transaction)
    assert counts == {"pending": 5}
    assert outside(batch_id) == ("done", 5, 5)
    report = get_report(committed, batch_id)
    assert report.notes[-1] == "登记库新增或更新 5 条"


def test_a_killed_import_can_be_taken_back(committed, monkeypatch):
    monkeypatch.setattr("services.imports.working.CHUNK", 2)
    batch_id, claim = claimed(committed, traders(5))
    with pytest.raises(Killed):
        work_batch(claim, at=clock.now(), edge=killed_before(2))
    with transaction(), pytest.raises(Conflict):
        request_rollback(committed, batch_id, at=clock.real())
    with transaction():
        request_rollback(committed, batch_id, at=clock.real() + LEASE)
    assert work_imports().items == 1
    assert outside(batch_id) == ("rolled_back", 2, 0)


def test_a_killed_rollback_goes_on(committed, monkeypatch):
    monkeypatch.setattr("services.imports.rollback.CHUNK", 2)
    batch_id, claim = claimed(committed, traders(5))
    work_batch(claim, at=clock.now(), edge=transaction)
    with transaction():
        request_rollback(committed, batch_id, at=clock.real())
        back = claim_batch(at=clock.real())
    assert back
    with pytest.raises(Killed):
        roll_back(back, at=clock.now(), edge=killed_before(1))
    assert outside(batch_id) == ("rolling_back", 5, 3)
    with transaction():
        again = claim_batch(at=clock.real() + LEASE)
    assert again
    assert roll_back(again, at=clock.now(), edge=transaction) == {"removed": 5}
    assert outside(batch_id) == ("rolled_back", 5, 0)


def test_damage_further_down_takes_back_what_was_stored(committed, monkeypatch):
    monkeypatch.setattr("services.imports.working.CHUNK", 50)
    with transaction():
        batch_id = queued(committed, repacked(traders(900), cut))
    assert work_imports().failures == 1
    state, processed, stored = outside(batch_id)
    assert (state, stored) == ("failed", 0)
    assert processed >= 50
    assert "损坏" in (get_report(committed, batch_id).failure or "")
