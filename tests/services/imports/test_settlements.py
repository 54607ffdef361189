"""Two authorities, one enterprise: listed, seen by both, settled once by the area's coordinator."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor, Role
from app.domain.errors import Conflict, NotFound
from app.domain.keyset import Page
from app.models.audit_entry import AuditEntry
from app.models.enterprise import Enterprise
from app.models.organisation import Organisation
from app.models.register_conflict import RegisterConflict
from services.imports.batches import claim_this
from services.imports.results import get_report
from services.imports.rollback import request_rollback, roll_back
from services.imports.settlements import (
    Decision,
    get_conflict,
    list_open_conflicts,
    settle_conflict,
)
from tests.factories import make_account
from tests.services.imports.register import AT, FIRST, LATER, imported, importer, make_roster
from tests.services.imports.workbooks import ENTERPRISE, enterprise, workbook

OTHER = "鞍山市商务局"


@pytest.fixture
def officer(database):
    actor = importer()
    make_roster(actor, FIRST)
    imported(actor, "enterprises", workbook([enterprise(总投资="8.25")]))
    return actor


@pytest.fixture
def coordinator(database):
    return make_account(Role.COORDINATOR, area_prefix="2103").actor


def claim(officer, **changes):
    row = enterprise(报送单位=OTHER, 联系人="别人", **changes)
    return imported(officer, "enterprises", workbook([row]), at=LATER)


def only_conflict():
    db.session.expire_all()
    return db.session.scalars(sa.select(RegisterConflict)).one()


def test_a_conflict_is_listed_and_sealed(officer):
    report = claim(officer)
    conflict = only_conflict()
    assert (conflict.batch_id, conflict.row, conflict.state) == (report.id, 3, "open")
    assert "别人".encode() not in conflict.entry
    told = get_conflict(officer, conflict.id)
    assert (told.reported_by, told.claimed_by) == (ENTERPRISE["报送单位"], OTHER)


def test_a_dry_run_lists_none(officer):
    row = enterprise(报送单位=OTHER)
    report = imported(officer, "enterprises", workbook([row]), is_dry_run=True)
    assert report.counts["conflict"] == 1
    assert db.session.scalars(sa.select(RegisterConflict)).all() == []


def test_a_newer_report_takes_the_place_of_the_older_one(officer):
    claim(officer)
    report = claim(officer, 备注="更正")
    assert only_conflict().batch_id == report.id


def test_both_authorities_and_the_areas_coordinator_see_it(officer, coordinator):
    claim(officer)
    conflict_id = only_conflict().id
    units = dict(db.session.execute(sa.select(Organisation.name, Organisation.id)).all())
    for name in (ENTERPRISE["报送单位"], OTHER):
        party = replace(officer, organisation_id=units[name])
        assert get_conflict(party, conflict_id).id == conflict_id
    [listed], _ = list_open_conflicts(coordinator, "open", Page())
    assert listed.id == conflict_id
    assert list_open_conflicts(coordinator, "kept", Page()) == ([], None)
    stranger = importer("别的局")
    elsewhere = replace(coordinator, area_prefix="2101")
    for blind in (stranger, elsewhere, Actor(Role.HOUSEKEEPER, "管家", housekeeper_id=1)):
        with pytest.raises(NotFound):
            get_conflict(blind, conflict_id)
        assert list_open_conflicts(blind, None, Page()) == ([], None)


def test_what_is_registered_can_be_kept(officer, coordinator):
    claim(officer)
    conflict_id = only_conflict().id
    settle_conflict(coordinator, conflict_id, Decision.KEPT, "由区里报送", at=LATER)
    settled = only_conflict()
    assert (settled.state, settled.settled_by) == ("kept", coordinator.account_id)
    assert _reported_by() == ENTERPRISE["报送单位"]
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry
    assert (entry.action, entry.facts["decision"]) == ("settle_register_conflict", "kept")
    with pytest.raises(Conflict):
        settle_conflict(coordinator, conflict_id, Decision.REPLACED, "再来", at=LATER)


def _reported_by():
    query = sa.select(Organisation.name).join(
        Enterprise, Enterprise.reporting_organisation_id == Organisation.id
    )
    return db.session.scalar(query)


def test_the_report_can_take_its_place_and_goes_with_its_batch(officer, coordinator):
    report = claim(officer, 备注="新报送")
    settle_conflict(coordinator, only_conflict().id, Decision.REPLACED, "工信局负责", at=LATER)
    assert _reported_by() == OTHER
    stored = db.session.scalars(sa.select(Enterprise)).one()
    assert (stored.remark, str(stored.total_investment)) == ("新报送", "8.25")
    request_rollback(officer, report.id, at=report.created_at)
    roll_back(claim_this(report.id, at=report.created_at), at=LATER)
    db.session.expire_all()
    assert get_report(officer, report.id).undone["restored"] == 1
    assert _reported_by() == ENTERPRISE["报送单位"]


def test_an_open_conflict_is_withdrawn_with_its_batch(officer):
    report = imported(
        officer,
        "enterprises",
        workbook([enterprise(报送单位=OTHER), enterprise(统一社会信用代码="914403001922038216")]),
        at=AT,
    )
    request_rollback(officer, report.id, at=report.created_at)
    roll_back(claim_this(report.id, at=report.created_at), at=LATER)
    assert only_conflict().state == "withdrawn"
