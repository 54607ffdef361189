"""The life of a batch: taken in, claimed, watched, finished or given up; seen by its unit only."""

import hashlib
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor, Role
from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.keyset import Page
from app.models.audit_entry import AuditEntry
from app.models.enterprise import Enterprise
from app.models.import_batch import ImportBatch, ImportPart
from services.imports.batches import (
    INTERRUPTED,
    LEASE,
    MAX_ATTEMPTS,
    Progress,
    Upload,
    claim_batch,
    claim_this,
    fail_batch,
    queue_batch,
    report_progress,
)
from services.imports.parts import open_parts
from services.imports.results import RowFilter, get_rejected, get_report, list_rows
from services.imports.working import work_batch
from tests.services.imports.register import AT, FIRST, imported, importer, make_roster
from tests.services.imports.workbooks import enterprise, repacked, workbook


@pytest.fixture
def officer(database):
    return importer()


def queued(actor, file=None, **changes):
    content = (file or workbook()).getvalue()
    upload = Upload("enterprises", "登记.xlsx", content, is_dry_run=False)
    return queue_batch(actor, replace(upload, **changes))


def stored(batch_id):
    db.session.expire_all()
    return db.session.get_one(ImportBatch, batch_id)


def parts():
    return db.session.scalars(sa.select(ImportPart.content)).all()


def test_a_workbook_is_taken_in_sealed_and_noted_in_the_audit(officer):
    file = workbook()
    batch = stored(queued(officer, file))
    assert (batch.state, batch.processed) == ("queued", 0)
    assert batch.digest == hashlib.sha256(file.getvalue()).hexdigest()
    assert open_parts(batch.id).getvalue() == file.getvalue()
    assert all(b"xl/workbook.xml" not in part for part in parts())
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.subject) == ("import_register", f"import_batch:{batch.id}")


def test_a_large_file_is_kept_in_parts(officer, monkeypatch):
    monkeypatch.setattr("services.imports.parts.PART_BYTES", 1_000)
    file = workbook()
    batch_id = queued(officer, file)
    assert len(parts()) == -(-len(file.getvalue()) // 1_000)
    assert open_parts(batch_id).getvalue() == file.getvalue()


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (workbook([]), "no-rows"),
        (workbook([{}, {"序号": 1}]), "no-rows"),
        (workbook(headings=["企业名称*", "手机*"]), "wrong-headings"),
        (repacked(workbook(), xl__vbaProject_bin=b"x"), "macros"),
    ],
)
def test_a_bad_file_is_refused_at_once_and_leaves_nothing(officer, file, code):
    with pytest.raises(InvalidInput) as caught:
        queued(officer, file)
    assert caught.value.errors[0].code == code
    assert db.session.scalars(sa.select(ImportBatch)).all() == []


def test_batches_are_claimed_one_after_the_other_the_oldest_first(officer):
    first, second = queued(officer), queued(officer)
    claim = claim_batch(at=AT)
    assert claim
    assert claim.batch_id == first
    assert claim_batch(at=AT) is None
    with pytest.raises(Conflict):
        claim_this(second, at=AT)
    fail_batch(claim, "试验", at=AT)
    following = claim_batch(at=AT)
    assert following
    assert following.batch_id == second


def test_one_batch_can_be_claimed_by_name_only_while_it_waits(officer):
    batch_id = queued(officer)
    claim = claim_this(batch_id, at=AT)
    assert claim.batch_id == batch_id
    fail_batch(claim, "试验", at=AT)
    with pytest.raises(Conflict):
        claim_this(batch_id, at=AT)


def test_a_silent_worker_loses_its_batch_and_can_no_longer_finish(officer):
    make_roster(officer, FIRST)
    batch_id = queued(officer)
    lost = claim_batch(at=AT)
    assert lost
    assert claim_batch(at=AT + LEASE / 2) is None
    taken = claim_batch(at=AT + LEASE)
    assert taken
    assert (taken.batch_id, taken.attempt) == (batch_id, 2)
    with pytest.raises(Conflict), db.session.begin_nested():
        work_batch(lost, at=AT)
    fail_batch(lost, "来晚了", at=AT)
    assert stored(batch_id).state == "running"
    work_batch(taken, at=AT)
    assert stored(batch_id).state == "done"


def test_a_batch_that_keeps_being_interrupted_is_given_up(officer):
    batch_id = queued(officer)
    for attempt in range(MAX_ATTEMPTS):
        assert claim_batch(at=AT + attempt * LEASE)
    assert claim_batch(at=AT + MAX_ATTEMPTS * LEASE) is None
    batch = stored(batch_id)
    assert (batch.state, batch.failure, parts()) == ("failed", INTERRUPTED, [])


def test_progress_can_be_watched(officer):
    batch_id = queued(officer)
    claim = claim_batch(at=AT)
    assert claim
    report_progress(claim, Progress({"ok": 400, "error": 100}, 503), at=AT)
    db.session.expire_all()
    report = get_report(officer, batch_id)
    assert (report.state, report.processed) == ("running", 500)
    assert report.counts == {"ok": 400, "pending": 0, "error": 100, "conflict": 0}


def test_a_finished_batch_keeps_no_workbook(officer):
    make_roster(officer, FIRST)
    report = imported(officer, "enterprises", workbook([enterprise(), enterprise(手机="1")]))
    assert (report.state, report.total, report.processed) == ("done", 2, 2)
    assert report.counts == {"ok": 1, "pending": 0, "error": 1, "conflict": 0}
    assert parts() == []


def test_damage_found_on_the_way_stores_nothing(officer):
    make_roster(officer, FIRST)

    def cut(name, content):
        return content[:-400] if "sheet1" in name else content

    rows = [enterprise(统一社会信用代码=None, 企业名称=f"{n}号商店") for n in range(600)]
    batch_id = queued(officer, repacked(workbook(rows), cut))
    claim = claim_batch(at=AT)
    assert claim
    with pytest.raises(InvalidInput) as caught, db.session.begin_nested():
        work_batch(claim, at=AT)
    fail_batch(claim, caught.value.detail, at=AT)
    report = get_report(officer, batch_id)
    assert report.state == "failed"
    assert report.failure
    assert db.session.scalars(sa.select(Enterprise)).all() == []
    assert list_rows(officer, batch_id, RowFilter(), Page()) == ([], None)


def test_rows_come_in_order_page_by_page_and_by_verdict(officer):
    make_roster(officer, FIRST)
    rows = [enterprise(手机="1") for _ in range(3)] + [enterprise()]
    batch_id = imported(officer, "enterprises", workbook(rows)).id
    page, cursor = list_rows(officer, batch_id, RowFilter(), Page(2))
    rest, end = list_rows(officer, batch_id, RowFilter(), Page(9, cursor))
    assert end is None
    assert [row.row for row in (*page, *rest)] == [3, 4, 5, 6]
    [good], _ = list_rows(officer, batch_id, RowFilter("ok"), Page())
    assert (good.row, good.name, good.reason) == (6, "鞍山市铁东测试有限公司", "")


@pytest.mark.parametrize("read", [get_report, get_rejected])
def test_a_batch_belongs_to_the_unit_that_brought_it(officer, read):
    batch_id = queued(officer)
    colleague = replace(officer, account_id=None, name="同事")
    assert read(colleague, batch_id)
    strangers = (importer("别的局"), replace(officer, role=Role.COORDINATOR))
    for stranger in strangers:
        with pytest.raises(NotFound):
            read(stranger, batch_id)
    with pytest.raises(NotFound):
        read(officer, batch_id + 1)


def test_without_an_own_area_the_area_of_the_unit_bounds_the_import(officer):
    assert stored(queued(replace(officer, area_prefix=None))).area_prefix == "2103"
    assert stored(queued(replace(officer, area_prefix="210302"))).area_prefix == "210302"
    console = Actor(Role.REGISTER_OFFICER, "命令行", area_prefix="")
    assert stored(queued(console)).area_prefix == ""
