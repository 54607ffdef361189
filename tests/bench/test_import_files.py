"""The files of `bench.imports`: drawn by the dice, and every row of them in order."""

import pytest

from bench.import_files import write_text, write_workbook
from bench.import_rows import enterprise_sheet, housekeeper_sheet, phone_of
from services.imports.columns import COLUMNS
from services.imports.enterprises import judge_enterprises
from services.imports.housekeepers import judge_housekeepers
from services.imports.judgement import Register
from services.imports.sheets import open_register

AREAS = ("210302001000", "210302001001")
PEOPLE, FIRMS = 20, 300
CITY = Register(
    areas={AREAS[0]: "town", AREAS[1]: "village"},
    roster={phone_of(number) for number in range(PEOPLE)},
    scope="2103",
)


def judged(path, kind, judge):
    with path.open("rb") as file, open_register(file, COLUMNS[kind], path.name) as sheet:
        return list(judge(sheet.rows, CITY))


@pytest.mark.parametrize("encoding", [None, "utf-8-sig", "gb18030"])
def test_every_enterprise_is_in_order_and_of_its_own(tmp_path, encoding):
    sheet = enterprise_sheet(FIRMS, PEOPLE, AREAS)
    path = tmp_path / ("e.csv" if encoding else "e.xlsx")
    if encoding:
        write_text(path, sheet, encoding)
    else:
        write_workbook(path, sheet)
    found = judged(path, "enterprises", judge_enterprises)
    assert [(row.verdict, row.reason) for row in found] == [("ok", "")] * FIRMS
    assert len({row.entry.entry.uscc for row in found}) == FIRMS
    assert len({row.name for row in found}) == FIRMS


def test_every_housekeeper_is_in_order(tmp_path):
    write_workbook(tmp_path / "h.xlsx", housekeeper_sheet(PEOPLE, AREAS))
    found = judged(tmp_path / "h.xlsx", "housekeepers", judge_housekeepers)
    assert [(row.verdict, row.reason) for row in found] == [("ok", "")] * PEOPLE


def test_the_same_seed_gives_the_same_rows():
    first, again, other = (list(enterprise_sheet(9, 3, AREAS, seed).rows) for seed in (1, 1, 2))
    assert first == again != other
