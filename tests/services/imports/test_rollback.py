"""Taking a batch back: what nobody touched is as it was, the rest stays and says why."""

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.errors import Conflict, NotFound
from app.domain.keyset import Page
from app.models.audit_entry import AuditEntry
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.pairing import Pairing
from services.imports.batches import claim_this
from services.imports.results import RowFilter, get_report, list_rows
from services.imports.rollback import CHANGED_SINCE, IN_USE, KEPT_FOR, request_rollback, roll_back
from services.imports.untouched import in_use
from tests.factories import make_account
from tests.services.imports.register import (
    AT,
    FIRST,
    LATER,
    SECOND,
    imported,
    importer,
    make_roster,
)
from tests.services.imports.workbooks import (
    HOUSEKEEPER_HEADINGS,
    enterprise,
    housekeeper,
    workbook,
)


@pytest.fixture
def officer(database):
    actor = importer()
    make_roster(actor, FIRST, SECOND)
    return actor


def bring(actor, *rows, at=AT, is_dry_run=False):
    return imported(actor, "enterprises", workbook(rows), at=at, is_dry_run=is_dry_run)


def taken_back(actor, report):
    now = report.created_at
    request_rollback(actor, report.id, at=now)
    roll_back(claim_this(report.id, at=now), at=LATER)
    db.session.expire_all()
    return get_report(actor, report.id)


def kept(actor, report):
    rows, _ = list_rows(actor, report.id, RowFilter(undone="kept"), Page())
    return [(row.row, row.undone_reason) for row in rows]


def the_enterprise():
    db.session.expire_all()
    return db.session.scalars(sa.select(Enterprise)).one()


def open_pairings():
    query = sa.select(Pairing.role, Pairing.state, Pairing.housekeeper_id)
    return db.session.execute(query.where(Pairing.state != "ended")).all()


def changed_since(model):
    """What every later change leaves behind."""
    db.session.execute(sa.update(model).values(updated_at=LATER))


def test_what_the_batch_created_is_removed_with_its_pairings(officer):
    report = taken_back(officer, bring(officer, enterprise(), enterprise(手机="1")))
    assert (report.state, report.undone) == (
        "rolled_back",
        {"removed": 1, "restored": 0, "kept": 0},
    )
    assert db.session.scalars(sa.select(Enterprise)).all() == []
    assert db.session.scalars(sa.select(Pairing)).all() == []


def test_what_the_batch_changed_is_as_before_in_every_column(officer):
    bring(officer, enterprise(备注="从前", 总投资="12.50"))
    before = {
        column.name: getattr(the_enterprise(), column.name) for column in Enterprise.__table__.c
    }
    pairings = open_pairings()
    changes = {"联系人": "别人", "手机": "13811112222", "管家手机": SECOND, "备注": "现在"}
    report = bring(officer, enterprise(**changes), at=LATER)
    assert the_enterprise().remark == "现在"
    assert taken_back(officer, report).undone["restored"] == 1
    sealed = {"contact_name", "contact_phone", "legal_person", "updated_at"}
    now = the_enterprise()
    assert {name for name in before if getattr(now, name) != before[name]} <= sealed
    assert open_pairings() == pairings


def test_what_somebody_changed_since_stays_and_says_so(officer):
    bring(officer, enterprise(备注="从前"))
    report = bring(officer, enterprise(备注="现在"), at=LATER)
    changed_since(Enterprise)
    assert taken_back(officer, report).undone == {"removed": 0, "restored": 0, "kept": 1}
    assert the_enterprise().remark == "现在"
    assert kept(officer, report) == [(3, CHANGED_SINCE)]


def test_what_a_later_batch_changed_stays(officer):
    first = bring(officer, enterprise(备注="一"))
    bring(officer, enterprise(备注="二"), at=LATER)
    assert taken_back(officer, first).undone["kept"] == 1
    assert the_enterprise().remark == "二"


def test_an_enterprise_that_is_in_use_is_not_removed(officer):
    report = bring(officer, enterprise())
    make_account("enterprise_admin", enterprise_id=the_enterprise().id)
    taken_back(officer, report)
    assert kept(officer, report) == [(3, IN_USE)]
    assert len(open_pairings()) == 1


def test_a_pairing_that_moved_since_keeps_the_enterprise(officer):
    report = bring(officer, enterprise())
    db.session.execute(sa.update(Pairing).values(state="ended", ended_at=LATER))
    assert taken_back(officer, report).undone["kept"] == 1
    assert the_enterprise()


def test_pairings_that_moved_since_are_left_alone(officer):
    bring(officer, enterprise())
    report = bring(officer, enterprise(管家手机=SECOND), at=LATER)
    db.session.execute(
        sa.update(Pairing).where(Pairing.state == "active").values(started_at=LATER + KEPT_FOR)
    )
    standing = open_pairings()
    assert taken_back(officer, report).undone["kept"] == 1
    assert open_pairings() == standing


def test_a_roster_is_taken_back(officer):
    changed = housekeeper(姓名="改名", 手机=FIRST)
    new = housekeeper(手机="13900000009")
    file = workbook([changed, new], HOUSEKEEPER_HEADINGS)
    report = taken_back(officer, imported(officer, "housekeepers", file, at=LATER))
    assert report.undone == {"removed": 1, "restored": 1, "kept": 0}
    names = db.session.scalars(sa.select(Housekeeper.name).order_by(Housekeeper.name)).all()
    assert names == ["管家1", "管家2"]


def test_references_are_found_by_the_tables_themselves(officer):
    bring(officer, enterprise())
    [pairing] = db.session.scalars(sa.select(Pairing)).all()
    assert in_use("housekeepers", {pairing.housekeeper_id, 0}) == {pairing.housekeeper_id}


def test_it_is_asked_for_by_the_own_unit_and_noted(officer):
    report = bring(officer, enterprise())
    with pytest.raises(NotFound):
        request_rollback(importer("别的局"), report.id, at=report.created_at)
    request_rollback(officer, report.id, at=report.created_at)
    actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-1] == "rollback_import"
    with pytest.raises(Conflict):
        request_rollback(officer, report.id, at=report.created_at)


def test_a_dry_run_an_empty_one_and_an_old_one_cannot_be_taken_back(officer):
    dry = bring(officer, enterprise(), is_dry_run=True)
    old = bring(officer, enterprise())
    for report, at in ((dry, dry.created_at), (old, old.created_at + KEPT_FOR * 1.01)):
        with pytest.raises(Conflict):
            request_rollback(officer, report.id, at=at)
    taken_back(officer, old)
    with pytest.raises(Conflict):
        request_rollback(officer, old.id, at=old.created_at)
