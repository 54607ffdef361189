"""What a workbook does to the register: stored once, sealed, paired, never overwritten blindly."""

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.db import db
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.import_batch import ImportRow
from app.models.organisation import Organisation
from app.models.pairing import Pairing
from app.sealing import fingerprint, unseal
from services.imports.working import CELLS_COLUMN
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
    HEADINGS,
    HOUSEKEEPER_HEADINGS,
    enterprise,
    housekeeper,
    workbook,
)
from tests.statements import heard

pytestmark = pytest.mark.usefixtures("database")
SHIPPED = Path(__file__).parents[2] / "data" / "register"


@pytest.fixture
def officer(database):
    actor = importer()
    make_roster(actor, FIRST, SECOND)
    return actor


def bring(actor, *rows, at=AT, is_dry_run=False):
    return imported(actor, "enterprises", workbook(rows), at=at, is_dry_run=is_dry_run)


def only_enterprise():
    db.session.expire_all()
    return db.session.scalars(sa.select(Enterprise)).one()


def pairings():
    query = (
        sa.select(Pairing.role, Pairing.state, Housekeeper.phone_hash, Pairing.ended_at)
        .join(Housekeeper, Housekeeper.id == Pairing.housekeeper_id)
        .order_by(Pairing.id)
    )
    names = {fingerprint(FIRST): "first", fingerprint(SECOND): "second"}
    return [(role, state, names[who], end) for role, state, who, end in db.session.execute(query)]


def everything():
    """All rows of the register with the transaction that wrote them."""
    tables = ("enterprises", "housekeepers", "pairings", "organisations")
    return {
        table: db.session.execute(
            sa.text(f"SELECT t.*, t.xmin::text FROM {table} t ORDER BY id")
        ).all()
        for table in tables
    }


def test_the_shipped_register_is_stored_and_twice_is_once(database):
    actor = importer()
    files = {kind: (SHIPPED / f"{kind}.xlsx") for kind in ("housekeepers", "enterprises")}
    expected = json.loads((SHIPPED / "expected.json").read_text(encoding="utf-8"))
    for kind, file in files.items():
        with file.open("rb") as content:
            report = imported(actor, kind, workbook_of(content))
        counts = {verdict: expected[kind].get(verdict, 0) for verdict in report.counts}
        assert (report.state, report.total) == ("done", expected[kind]["rows"])
        assert report.counts == counts
    before = everything()
    assert len(before["enterprises"]) == len(before["pairings"]) == 1057 + 6
    for kind, file in files.items():
        with file.open("rb") as content:
            imported(actor, kind, workbook_of(content), at=LATER)
    assert everything() == before


def workbook_of(content):
    return type(workbook())(content.read())


def test_personal_fields_are_sealed_and_found_by_hash(officer):
    bring(officer, enterprise(法定代表人="赵强"))
    stored = only_enterprise()
    assert unseal(stored.contact_phone, "enterprises.contact_phone") == "13812345678"
    assert unseal(stored.contact_name, "enterprises.contact_name") == "王芳"
    assert unseal(stored.legal_person or b"", "enterprises.legal_person") == "赵强"
    assert stored.contact_phone_hash == fingerprint("13812345678")
    assert stored.contact_phone_tail_hash == fingerprint("5678")
    housekeepers = db.session.scalars(sa.select(Housekeeper).order_by(Housekeeper.id)).all()
    assert unseal(housekeepers[0].phone, "housekeepers.phone") == FIRST


def test_rows_in_error_are_not_stored_and_the_good_ones_are(officer):
    report = bring(officer, enterprise(), enterprise(手机="1"))
    assert (report.counts["ok"], report.counts["error"]) == (1, 1)
    assert only_enterprise().uscc == "91330100799655058B"


def test_a_dry_run_judges_and_stores_nothing(officer):
    before = everything()
    report = bring(
        officer, enterprise(报送单位="从未听说的局"), enterprise(手机="1"), is_dry_run=True
    )
    assert (report.counts["ok"], report.counts["error"]) == (1, 1)
    assert everything() == before


def test_unknown_organisations_are_made_unconfirmed(officer):
    bring(officer, enterprise(报送单位="从未听说的局"))
    named = sa.select(Organisation).where(Organisation.name == "从未听说的局")
    unit = db.session.scalars(named).one()
    assert unit.is_confirmed is False


def test_a_confirmed_authority_pairs_at_once(officer):
    bring(officer, enterprise(副管家手机=SECOND))
    assert pairings() == [("lead", "active", "first", None), ("deputy", "active", "second", None)]


def test_an_unconfirmed_one_only_proposes_until_a_confirmed_one_agrees(officer):
    bring(importer("自称的局", is_confirmed=False), enterprise())
    assert pairings() == [("lead", "proposed", "first", None)]
    bring(officer, enterprise(), at=LATER)
    assert pairings() == [("lead", "active", "first", None)]


def test_a_changed_housekeeper_ends_the_old_pairing_and_keeps_it(officer):
    bring(officer, enterprise())
    bring(officer, enterprise(管家手机=SECOND), at=LATER)
    assert pairings() == [("lead", "ended", "first", LATER), ("lead", "active", "second", None)]


def test_another_authority_is_a_conflict_and_overwrites_nothing(officer):
    bring(officer, enterprise())
    before = everything()
    report = bring(officer, enterprise(报送单位="市商务局", 联系人="别人"))
    assert report.counts["conflict"] == 1
    now = everything()
    assert all(now[table] == before[table] for table in ("enterprises", "pairings"))
    row = db.session.scalars(sa.select(ImportRow).where(ImportRow.batch_id == report.id)).one()
    assert (row.field, row.verdict) == ("organisation", "conflict")
    assert "铁东区营商环境建设局" in row.reason
    assert "别人" in unseal(row.values or b"", CELLS_COLUMN)


def test_a_later_row_of_the_same_authority_updates(officer):
    bring(officer, enterprise(注册地址="和平街道1号", 经营状态="停产"))
    bring(officer, enterprise(联系人="别人", 类别="其他、重点项目"))
    stored = only_enterprise()
    assert unseal(stored.contact_name, "enterprises.contact_name") == "别人"
    assert (stored.primary_category, stored.categories) == ("重点项目", ["重点项目", "其他"])
    assert (stored.registered_address, stored.operating_state) == ("和平街道1号", "停产")


def test_a_pending_trader_receives_its_code_later(officer):
    name = "铁东老王豆腐坊"
    bring(officer, enterprise(企业名称=name, 统一社会信用代码=None))
    pending = only_enterprise()
    assert (pending.uscc, pending.uscc_state) == (None, "pending")
    bring(officer, enterprise(企业名称=name))
    coded = only_enterprise()
    assert (coded.id, coded.uscc, coded.uscc_state) == (pending.id, "91330100799655058B", "valid")
    bring(officer, enterprise(企业名称=name, 统一社会信用代码=None))
    assert only_enterprise().uscc == "91330100799655058B"


def test_two_rows_that_mean_one_stored_enterprise_count_once(officer):
    trader = enterprise(企业名称="铁东老王豆腐坊")
    bring(officer, trader)
    report = bring(officer, {**trader, "统一社会信用代码": None}, trader)
    assert (report.counts["pending"], report.counts["error"]) == (1, 1)


def test_two_codes_of_one_name_and_place_are_two_enterprises(officer):
    bring(officer, enterprise(企业名称="铁东老王豆腐坊", 统一社会信用代码=None))
    bring(
        officer,
        enterprise(企业名称="铁东老王豆腐坊"),
        enterprise(企业名称="铁东老王豆腐坊", 统一社会信用代码="914403001922038216"),
    )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Enterprise)) == 2


def test_a_housekeeper_is_known_by_the_number_and_keeps_what_is_not_said(officer):
    full = housekeeper(姓名="王丽", 科室="党政办", 层级="部门", 在岗状态="离岗", 副管家手机=SECOND)
    for row in (full, housekeeper(姓名="王丽丽")):
        imported(officer, "housekeepers", workbook([row], HOUSEKEEPER_HEADINGS))
    numbered = sa.select(Housekeeper).where(Housekeeper.phone_hash == fingerprint(FIRST))
    stored = db.session.scalars(numbered).one()
    assert (stored.name, stored.department, stored.grade) == ("王丽丽", "党政办", "部门")
    assert (stored.duty_state, stored.deputy_phone_hash) == ("离岗", fingerprint(SECOND))


def test_unknown_columns_are_noted(officer):
    report = imported(
        officer, "enterprises", workbook([enterprise()], headings=[*HEADINGS, "抖音号"])
    )
    assert any("抖音号" in note for note in report.notes)


def test_what_is_registered_is_compared_as_the_index_has_it(officer):
    """Read to its end for every chunk, a register would take the square of its length."""
    with heard() as statements:
        bring(officer, enterprise())
    [by_code] = [text for text in statements if "enterprises.uscc = ANY" in text]
    asked = re.sub(r"%\(\w+\)s", "'{91330100799655058B}'", by_code)
    plan = [line for (line,) in db.session.execute(sa.text(f"EXPLAIN {asked}"))]
    [compared] = [line for line in plan if "uscc = ANY" in line or "uscc)::text = ANY" in line]
    assert "(uscc)::text" not in compared
