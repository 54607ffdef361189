"""The verdict on every row: the shipped workbooks as expected, then fault by fault."""

import json
from functools import cache
from pathlib import Path

import pytest

from app.seed.areas import shipped_areas
from services.imports.columns import ENTERPRISE_COLUMNS, HOUSEKEEPER_COLUMNS
from services.imports.enterprises import judge_enterprises
from services.imports.housekeepers import judge_housekeepers
from services.imports.judgement import Register
from services.imports.sheets import open_register
from tests.services.imports.workbooks import (
    HEADINGS,
    HOUSEKEEPER_HEADINGS,
    enterprise,
    housekeeper,
    workbook,
)

REGISTER = Path(__file__).parents[2] / "data" / "register"
EXPECTED = json.loads((REGISTER / "expected.json").read_text(encoding="utf-8"))

AREAS = {"210300000000": "city", "210302000000": "county", "210302008000": "town"}
OWN = Register(
    AREAS,
    roster={"13900000001", "13900000002"},
    zones={"鞍山经济开发区": "2103K1000000"},
    towns={("210302", "和平街道"): "210302008000"},
)


@cache
def country():
    return {area.code: area.level for area in shipped_areas()}


def judged(file, columns, judge, register):
    with open_register(file, columns) as sheet:
        return list(judge(sheet.rows, register))


def verdicts(judgements):
    return [{"row": j.row, "verdict": j.verdict, "field": j.field} for j in judgements]


def expected(kind):
    keys = ("row", "verdict", "field")
    return [{key: row[key] for key in keys} for row in EXPECTED[kind]["detail"]]


def shipped_housekeepers():
    with (REGISTER / "housekeepers.xlsx").open("rb") as file:
        return judged(file, HOUSEKEEPER_COLUMNS, judge_housekeepers, Register(country()))


def test_every_housekeeper_row_gets_its_expected_verdict():
    assert verdicts(shipped_housekeepers()) == expected("housekeepers")


def test_every_enterprise_row_gets_its_expected_verdict():
    roster = {judgement.entry.phone for judgement in shipped_housekeepers() if judgement.entry}
    with (REGISTER / "enterprises.xlsx").open("rb") as file:
        judgements = judged(
            file, ENTERPRISE_COLUMNS, judge_enterprises, Register(country(), roster)
        )
    assert verdicts(judgements) == expected("enterprises")


def enterprises(*rows, register=OWN, headings=HEADINGS):
    return judged(workbook(rows, headings), ENTERPRISE_COLUMNS, judge_enterprises, register)


def housekeepers(*rows, register=OWN):
    file = workbook(rows, HOUSEKEEPER_HEADINGS)
    return judged(file, HOUSEKEEPER_COLUMNS, judge_housekeepers, register)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, ""),
        ({"企业名称": None}, "name"),
        ({"企业名称": "　"}, "name"),
        ({"统一社会信用代码": "91330100799655085B"}, "uscc"),
        ({"统一社会信用代码": None}, "uscc"),
        ({"类别": None}, "category"),
        ({"类别": "规模以上"}, "category"),
        ({"属地区划": "210399999999"}, "area"),
        ({"属地区划": None}, "area"),
        ({"联系人": None}, "contact"),
        ({"手机": "1381234"}, "phone"),
        ({"报送单位": None}, "organisation"),
        ({"管家手机": "13000000000"}, "housekeeper"),
        ({"管家手机": None}, "housekeeper"),
        ({"备注": "=1+1"}, "formula"),
        ({"备注": "长" * 501}, "remark"),
        ({"企业名称": "长" * 101}, "name"),
    ],
)
def test_each_fault_names_its_field(changes, field):
    [judgement] = enterprises(enterprise(**changes))
    assert (judgement.verdict, judgement.field) == ("error" if field else "ok", field)
    assert bool(judgement.reason) == bool(field)
    assert (judgement.entry is None) == bool(field)


def test_all_faults_of_a_row_are_told_at_once_and_each_once():
    [judgement] = enterprises(enterprise(类别="大", 手机="1", 联系人=None))
    assert judgement.reason.count("；") == 2
    assert "类别" in judgement.reason
    assert "手机" in judgement.reason
    assert "联系人" in judgement.reason


def test_reasons_do_not_repeat_phone_numbers():
    [judgement] = enterprises(enterprise(手机="138123456789", 管家手机="13000000000"))
    assert "138123456789" not in judgement.reason
    assert "13000000000" not in judgement.reason


def test_cells_are_normalised_before_they_are_judged():
    [judgement] = enterprises(
        enterprise(
            企业名称="\u3000鞍山市铁东测试有限公司\n",
            统一社会信用代码="９１３３０１００ ７９９６５５０５８ｂ",
            手机="+86 138-1234-5678",
            管家手机=13900000001,
            属地区划=210302008000,
        )
    )
    entry = judgement.entry.entry
    assert entry.name == "鞍山市铁东测试有限公司"
    assert (entry.uscc, entry.contact_phone) == ("91330100799655058B", "13812345678")
    assert entry.area_code == "210302008000"


def test_the_first_row_of_a_code_wins():
    first, second = enterprises(enterprise(), enterprise(统一社会信用代码="91330100799655058b"))
    assert (first.verdict, second.verdict, second.field) == ("ok", "error", "duplicate")


def test_a_row_in_error_does_not_take_its_code():
    first, second = enterprises(enterprise(手机="1"), enterprise())
    assert (first.field, second.verdict) == ("phone", "ok")


def test_a_trader_without_a_code_is_pending_once():
    trader = enterprise(企业名称="铁东老王豆腐坊", 统一社会信用代码=None)
    first, second, other = enterprises(trader, trader, {**trader, "属地区划": "210302"})
    assert (first.verdict, first.field, bool(first.reason)) == ("pending", "uscc", True)
    assert (second.verdict, second.field) == ("error", "duplicate")
    assert other.verdict == "pending"


def test_a_deputy_who_is_not_on_the_roster_is_only_a_warning():
    [judgement] = enterprises(enterprise(副管家手机="13000000000"))
    assert (judgement.verdict, judgement.field) == ("ok", "")
    assert "副管家" in judgement.reason
    assert judgement.entry.deputy is None


def test_a_known_deputy_is_kept_and_the_housekeeper_cannot_stand_in_for_himself():
    known, same = enterprises(
        enterprise(副管家手机="13900000002"),
        enterprise(统一社会信用代码="914403001922038216", 副管家手机="13900000001"),
    )
    assert (known.entry.deputy, same.entry.deputy) == ("13900000002", None)
    assert "副管家" in same.reason


def test_optional_cells_that_mean_nothing_are_left_out_with_a_word():
    [judgement] = enterprises(
        enterprise(项目阶段="快了", 经营状态="还行", 总投资="三亿", 园区="月球基地"),
        headings=[*HEADINGS, "园区"],
    )
    assert judgement.verdict == "ok"
    assert judgement.reason.count("未采用") == 4
    assert judgement.entry.entry.project_stage is None


def test_a_county_is_narrowed_by_the_town_and_a_zone_manages():
    [judgement] = enterprises(
        enterprise(属地区划="210302", 街道乡镇="和平街道", 园区="鞍山经济开发区"),
        headings=[*HEADINGS, "街道乡镇", "园区"],
    )
    entry = judgement.entry.entry
    assert (entry.area_code, entry.managing_area_code) == ("210302008000", "2103K1000000")


def test_nothing_is_reported_outside_the_importers_area():
    scoped = Register(AREAS, OWN.roster, scope="210302")
    inside, outside = enterprises(
        enterprise(),
        enterprise(统一社会信用代码="914403001922038216", 属地区划="210300000000"),
        register=scoped,
    )
    assert (inside.verdict, outside.field) == ("ok", "area")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, ""),
        ({"姓名": None}, "name"),
        ({"手机": None}, "phone"),
        ({"手机": "1881156768"}, "phone"),
        ({"工作单位": None}, "organisation"),
        ({"区划": "219999000000"}, "area"),
        ({"办公电话": "=1+1"}, "formula"),
        ({"科室": "长" * 101}, "department"),
    ],
)
def test_each_fault_of_a_housekeeper_names_its_field(changes, field):
    [judgement] = housekeepers(housekeeper(**changes))
    assert (judgement.verdict, judgement.field) == ("error" if field else "ok", field)


def test_a_number_belongs_to_one_housekeeper():
    first, second = housekeepers(housekeeper(), housekeeper(姓名="王丽", 手机=13900000001))
    assert (first.verdict, second.field) == ("ok", "duplicate")


def test_a_deputy_may_stand_further_down_or_be_stored_already():
    rows = housekeepers(
        housekeeper(手机="13911111111", 副管家手机="13922222222"),
        housekeeper(手机="13922222222", 副管家手机="13900000002"),
        housekeeper(手机="13933333333", 副管家手机="13000000000"),
    )
    assert [bool(row.reason) for row in rows] == [False, False, True]
    assert [row.verdict for row in rows] == ["ok"] * 3
