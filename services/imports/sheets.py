"""A register workbook → rows of texts. Streams: only one row is in memory at a time.

Finds the sheet and the heading row under titles and notes, keeps blank rows and the footer out, and
tells formulas apart from texts that merely begin with "=".
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook

from app.domain.register import clean
from services.imports.columns import Column
from services.imports.headings import Headings, find_headings
from services.imports.refusals import unreadable_workbook, workbook_refused
from services.imports.workbook_safety import check_workbook

MAX_ROWS = 300_000
MAX_SHEET_ROWS = 1_048_576
MAX_COLUMNS = 64
HEADING_DEPTH = 30

# openpyxl trusts its input: a damaged or hostile part surfaces as any of these.
UNREADABLE = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, ParseError,
    TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip

_FOOTER = re.compile(
    r"(?:填报人|填表人|制表人|制表|经办人|审核人|审批人|负责人|单位负责人|填报单位|填报日期|填报时间"
    r"|填表日期|联系电话|说明|备注|注)(?:\([^)]*\))?:|(?:合计|总计|小计):?$"
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its line on the sheet, the texts by column key, the cells as they were written."""

    number: int
    texts: dict[str, str]
    cells: tuple[str, ...]
    has_formula: bool = False


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """The sheet that holds the register: headings as written, columns ignored, rows to come.

    `expected_rows` is what the workbook says of itself; it may lie or be absent.
    """

    headings: tuple[str, ...]
    ignored: tuple[str, ...]
    expected_rows: int | None
    rows: Iterator[SheetRow]


@contextmanager
def open_register(file: BinaryIO, columns: Sequence[Column]) -> Iterator[RegisterSheet]:
    """The register in `file`. Raises `InvalidInput` for a file that is refused as a whole.

    A part that proves to be damaged further down raises the same error while rows are read.
    """
    check_workbook(file)
    try:
        workbook = load_workbook(file, read_only=True, keep_links=False)
    except UNREADABLE as error:
        raise unreadable_workbook() from error
    try:
        yield _find_register(workbook, columns)
    finally:
        workbook.close()


def _find_register(workbook: Any, columns: Sequence[Column]) -> RegisterSheet:
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise workbook_refused("no-sheet", "工作簿中没有可见的工作表。")
    found = [
        (sheet, find_headings(list(_raw_rows(sheet, HEADING_DEPTH)), columns)) for sheet in sheets
    ]
    sheet, headings = min(found, key=lambda pair: len(pair[1].missing))
    headings.check()
    expected = sheet.max_row and max(sheet.max_row - headings.row, 0)
    sheet.reset_dimensions()
    return RegisterSheet(
        headings.written, headings.ignored, expected, _register_rows(sheet, headings)
    )


def _register_rows(sheet: Any, headings: Headings) -> Iterator[SheetRow]:
    count = 0
    for number, cells in enumerate(_raw_rows(sheet, MAX_SHEET_ROWS), start=1):
        if number <= headings.row:
            continue
        row = _read_row(number, cells, headings)
        if row is None:
            continue
        count += 1
        if count > MAX_ROWS:
            raise workbook_refused("too-many-rows", f"一次最多导入 {MAX_ROWS:,} 行，请分批上传。")
        yield row


def _raw_rows(sheet: Any, depth: int) -> Iterator[tuple[Any, ...]]:
    try:
        yield from sheet.iter_rows(min_row=1, max_row=depth, max_col=MAX_COLUMNS)
    except UNREADABLE as error:
        raise unreadable_workbook() from error


def _read_row(number: int, cells: tuple[Any, ...], headings: Headings) -> SheetRow | None:
    """The row, or None for a blank row and for the footer."""
    if all(cell.value is None for cell in cells):
        return None
    written = tuple(_written(cell) for cell in cells[: len(headings.written)])
    texts = {
        key: clean(written[index]) if index < len(written) else ""
        for index, key in headings.columns.items()
    }
    if not any(texts.values()) or _is_footer(written):
        return None
    return SheetRow(number, texts, written, any(cell.data_type == "f" for cell in cells))


def _is_footer(written: tuple[str, ...]) -> bool:
    first = next((text for text in map(clean, written) if text), "")
    return _FOOTER.match(first.replace(" ", "")) is not None


def _written(cell: Any) -> str:
    """The value of a cell as a person would type it; of a formula, the formula."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return str(getattr(value, "text", None) or value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
