"""The error workbook: the wrong rows as they came, with the reason, ready to be corrected."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from services.imports.error_workbook import write_error_workbook
from services.imports.results import get_rejected
from tests.services.imports.register import FIRST, imported, importer, make_roster
from tests.services.imports.workbooks import HEADINGS, enterprise, workbook

FORMULA = '=HYPERLINK("http://example.invalid","点我")'
ROWS = (
    enterprise(序号=1),
    enterprise(序号=2, 手机=1381234),
    enterprise(序号=3, 备注=FORMULA),
    enterprise(序号=4),
)


@pytest.fixture
def batch(database):
    officer = importer()
    make_roster(officer, FIRST)
    return officer, imported(officer, "enterprises", workbook(ROWS)).id


def written(batch):
    return BytesIO(write_error_workbook(*batch))


def test_it_has_the_rows_in_error_with_their_reasons(batch):
    [heading, *rows] = load_workbook(written(batch)).worksheets[0].iter_rows(values_only=True)
    assert heading == (*HEADINGS, "原因")
    assert [row[0] for row in rows] == ["2", "3", "4"]
    reasons = [str(row[-1]) for row in rows]
    assert ["手机" in reasons[0], "公式" in reasons[1], "重复" in reasons[2]] == [True] * 3


def test_a_refused_formula_does_not_come_alive(batch):
    cells = [cell for row in load_workbook(written(batch)).worksheets[0] for cell in row]
    assert FORMULA in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert all(cell.quotePrefix for cell in cells if cell.value == FORMULA)


def test_it_can_be_uploaded_again(batch):
    officer, _ = batch
    report = imported(officer, "enterprises", written(batch))
    assert (report.total, report.counts["ok"], report.counts["error"]) == (3, 1, 2)
    assert not any("忽略" in note for note in report.notes)


def test_the_file_of_a_batch_without_errors_has_the_headings_only(batch):
    officer, _ = batch
    report = imported(officer, "enterprises", workbook([enterprise()]))
    assert list(get_rejected(officer, report.id).rows) == []
    sheet = load_workbook(written((officer, report.id))).worksheets[0]
    assert sheet.max_row == 1
