"""A workbook as offices really send it → the rows that are meant."""

import pytest
from openpyxl import Workbook
from openpyxl.cell import Cell

from app.domain.errors import InvalidInput
from services.imports.columns import ENTERPRISE_COLUMNS, HOUSEKEEPER_COLUMNS, canonical_heading
from services.imports.sheets import open_register
from tests.services.imports.workbooks import (
    ENTERPRISE,
    HEADINGS,
    enterprise,
    housekeeper,
    repacked,
    saved,
    workbook,
)


def read(file, columns=ENTERPRISE_COLUMNS):
    with open_register(file, columns) as sheet:
        return sheet, list(sheet.rows)


@pytest.mark.parametrize(
    ("written", "heading"),
    [
        ("企业名称*", "企业名称"),
        ("＊ 企业 名称", "企业名称"),
        ("总投资（万元）", "总投资"),
        ("总投资(万元)", "总投资"),
        ("手机：", "手机"),
        ("类别（可多选）*", "类别"),
    ],
)
def test_headings_are_compared_without_decoration(written, heading):
    assert canonical_heading(written) == heading


def test_rows_are_found_under_titles_and_above_the_footer():
    _, rows = read(
        workbook(
            [enterprise(序号=1), {}, {"序号": 2}, enterprise(序号=3)],
            above=[["上报表"], [None], ["说明：带*为必填项", None, "手机"]],
            below=[[None], ["填报人：", None, "联系电话："], ["合计", 2]],
        )
    )
    assert [row.number for row in rows] == [5, 8]


def test_a_footer_in_the_first_named_column_is_no_row():
    headings = [heading for heading in HEADINGS if heading != "序号"]
    _, rows = read(workbook(headings=headings, below=[["填报人：张三", "填报日期：2026-11-22"]]))
    assert len(rows) == 1


def test_numbers_come_as_a_person_would_type_them():
    _, [row] = read(workbook([enterprise(手机=13812345678, 管家手机=13900000001.0)]))
    assert (row.texts["phone"], row.texts["housekeeper"]) == ("13812345678", "13900000001")


def test_a_formula_is_told_apart_from_a_text_that_begins_like_one():
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(HEADINGS))
    for _ in range(2):
        sheet.append([ENTERPRISE.get(heading.rstrip("*")) for heading in HEADINGS])
    remark = len(HEADINGS)
    for line in (2, 3):
        sheet.cell(line, remark, "=1+1")
    text_cell = sheet.cell(3, remark)
    assert isinstance(text_cell, Cell)
    text_cell.data_type = "s"
    _, rows = read(saved(book))
    assert [row.has_formula for row in rows] == [True, False]
    assert [row.texts["remark"] for row in rows] == ["=1+1", "=1+1"]


def test_a_formula_in_a_column_that_is_ignored_still_counts():
    _, [row] = read(workbook([enterprise(序号="=ROW()-2")]))
    assert row.has_formula


def test_a_row_that_holds_nothing_but_a_serial_formula_is_blank():
    _, rows = read(workbook([enterprise(), {"序号": "=ROW()-2"}]))
    assert len(rows) == 1


def test_unknown_columns_are_ignored_and_named():
    sheet, [row] = read(workbook(headings=[*HEADINGS, "所属商会", "抖音号"]))
    assert sheet.ignored == ("所属商会", "抖音号")
    assert set(row.texts) < {column.key for column in ENTERPRISE_COLUMNS}


def test_the_register_is_found_on_a_later_sheet():
    book = Workbook()
    book.worksheets[0].append(["填表说明"])
    sheet = book.create_sheet("填报表")
    sheet.append(list(HEADINGS))
    sheet.append([ENTERPRISE.get(heading.rstrip("*")) for heading in HEADINGS])
    assert len(read(saved(book))[1]) == 1


def test_a_lying_dimension_hides_no_rows():
    def shrink(name, content):
        return content.replace(b'ref="A1:R4"', b'ref="A1:B2"') if "sheet1" in name else content

    file = repacked(workbook([enterprise(), enterprise()]), shrink)
    assert len(read(file)[1]) == 2


def test_merged_titles_do_no_harm():
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["企业（项目）信息上报表"])
    sheet.merge_cells("A1:R1")
    sheet.append(list(HEADINGS))
    sheet.append([ENTERPRISE.get(heading.rstrip("*")) for heading in HEADINGS])
    assert len(read(saved(book))[1]) == 1


def refusal(file, columns=ENTERPRISE_COLUMNS):
    with pytest.raises(InvalidInput) as caught:
        read(file, columns)
    [error] = caught.value.errors
    assert error.pointer == "/workbook"
    assert error.detail == caught.value.detail
    return error


def test_missing_headings_are_named():
    error = refusal(workbook(headings=[h for h in HEADINGS if h not in {"类别*", "管家手机*"}]))
    assert error.code == "wrong-headings"
    assert "类别、管家手机" in error.detail


def test_repeated_headings_are_refused():
    assert "手机" in refusal(workbook(headings=[*HEADINGS, "手机"])).detail


def test_the_other_register_is_refused():
    assert refusal(workbook(), HOUSEKEEPER_COLUMNS).code == "wrong-headings"


def test_a_sheet_without_headings_is_refused():
    assert refusal(workbook([housekeeper()], headings=["甲", "乙"])).code == "wrong-headings"


def test_a_workbook_without_a_visible_sheet_is_refused():
    def hide(name, content):
        return (
            content.replace(b'state="visible"', b'state="hidden"')
            if "workbook" in name
            else content
        )

    assert refusal(repacked(workbook(), hide)).code == "no-sheet"


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("services.imports.sheets.MAX_ROWS", 2)
    assert refusal(workbook([enterprise()] * 3)).code == "too-many-rows"


def test_a_row_far_below_ends_the_reading(monkeypatch):
    monkeypatch.setattr("services.imports.sheet_rows.MAX_SHEET_ROWS", 1_000)

    def displace(name, content):
        return (
            content.replace(b'<row r="4"', b'<row r="99999999999"') if "sheet1" in name else content
        )

    file = repacked(workbook([enterprise(), enterprise()]), displace)
    assert len(read(file)[1]) == 1


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_a_damaged_part_is_refused(part):
    def damage(name, content):
        return content[: len(content) // 2] if name == part else content

    assert refusal(repacked(workbook(), damage)).code == "not-a-workbook"


def test_a_missing_part_is_refused():
    def empty(name, content):
        return b"<Relationships/>" if name == "xl/_rels/workbook.xml.rels" else content

    assert refusal(repacked(workbook(), empty)).code in {"not-a-workbook", "no-sheet"}
