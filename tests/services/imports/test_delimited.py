"""A .csv file as offices send it → the rows that are meant, or a refusal."""

from io import BytesIO

import pytest

from app.domain.errors import InvalidInput
from services.imports.columns import HOUSEKEEPER_COLUMNS
from services.imports.sheets import open_register
from tests.services.imports.workbooks import HOUSEKEEPER_HEADINGS

HEADINGS = ",".join(HOUSEKEEPER_HEADINGS)
ROW = "李鹏,13900000001,铁东区和平街道,,,210302008000,,,,"


def read(content, name="名册.csv"):
    with open_register(BytesIO(content), HOUSEKEEPER_COLUMNS, name) as sheet:
        return list(sheet.rows)


def lines(*rows):
    return "\r\n".join(["管家名册", HEADINGS, *rows])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_every_encoding_of_an_office_is_read(encoding):
    [row] = read(lines(ROW).encode(encoding))
    assert (row.number, row.texts["name"], row.texts["phone"]) == (3, "李鹏", "13900000001")


def test_rare_characters_of_names_survive():
    [row] = read(lines(ROW.replace("李鹏", "𠮷㛃")).encode("gb18030"))
    assert row.texts["name"] == "𠮷㛃"


def test_breaks_and_commas_within_quotes_do_not_make_rows():
    quoted = ROW.replace("铁东区和平街道", '"铁东区,\n和平街道"')
    first, second = read(lines(quoted, ROW).encode())
    assert first.texts["organisation"] == "铁东区, 和平街道"
    assert (first.number, second.number) == (3, 4)


def test_a_number_that_was_kept_as_text_is_no_formula_but_others_are():
    kept = ROW.replace("13900000001", '"=""13900000001"""')
    formula = ROW.replace("李鹏", "=A1")
    first, second = read(lines(kept, formula).encode())
    assert (first.texts["phone"], first.has_formula) == ("13900000001", False)
    assert second.has_formula


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lines(ROW).encode() + b"\xff\xff", "not-a-text-file"),
        (lines(ROW).encode("utf-16"), "not-a-text-file"),
        (lines(ROW).encode() + b"\0", "not-a-text-file"),
        (b'"' + b"x" * 200_000, "not-a-text-file"),
        (b"a,b\r\n1,2", "wrong-headings"),
        (b"", "wrong-headings"),
    ],
)
def test_what_is_not_text_or_not_the_register_is_refused(content, code):
    with pytest.raises(InvalidInput) as caught:
        read(content)
    assert caught.value.errors[0].code == code
