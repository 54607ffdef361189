"""A register file, .xlsx or .csv → rows of texts. Streams: only one row is in memory at a time.

Finds the sheet and the heading row under titles and notes, and keeps blank rows and the footer out.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import takewhile
from typing import BinaryIO

from app.domain.register import clean
from services.imports.columns import Column
from services.imports.delimited import open_text_tables
from services.imports.headings import Headings, find_headings
from services.imports.lines import Line, SheetRow, Table
from services.imports.refusals import workbook_refused
from services.imports.workbook_cells import open_workbook_sheets

MAX_ROWS = 300_000
HEADING_DEPTH = 30
TEXT_SUFFIX = ".csv"

_FOOTER = re.compile(
    r"(?:填报人|填表人|制表人|制表|经办人|审核人|审批人|负责人|单位负责人|填报单位|填报日期|填报时间"
    r"|填表日期|联系电话|说明|备注|注)(?:\([^)]*\))?:|(?:合计|总计|小计):?$"
)


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
def open_register(
    file: BinaryIO, columns: Sequence[Column], filename: str = ""
) -> Iterator[RegisterSheet]:
    """The register in `file`. Raises `InvalidInput` for a file that is refused as a whole.

    A name that ends in ".csv" makes it a text file, anything else a workbook. A part that proves
    to be damaged further down raises the same error while rows are read.
    """
    with _open_tables(file, filename) as tables:
        yield _find_register(tables, columns)


def _open_tables(file: BinaryIO, filename: str) -> AbstractContextManager[Sequence[Table]]:
    if filename.lower().endswith(TEXT_SUFFIX):
        return open_text_tables(file)
    return open_workbook_sheets(file)


def _find_register(tables: Sequence[Table], columns: Sequence[Column]) -> RegisterSheet:
    found = [(table, find_headings(_first_lines(table), columns)) for table in tables]
    table, headings = min(found, key=lambda pair: len(pair[1].missing))
    headings.check()
    expected = table.last_row and max(table.last_row - headings.row, 0)
    return RegisterSheet(
        headings.written, headings.ignored, expected, _register_rows(table, headings)
    )


def _first_lines(table: Table) -> list[Line]:
    return list(takewhile(lambda line: line.number <= HEADING_DEPTH, table.lines()))


def _register_rows(table: Table, headings: Headings) -> Iterator[SheetRow]:
    count = 0
    for line in table.lines():
        if line.number <= headings.row:
            continue
        row = _read_row(line, headings)
        if row is None:
            continue
        count += 1
        if count > MAX_ROWS:
            raise workbook_refused("too-many-rows", f"一次最多导入 {MAX_ROWS:,} 行，请分批上传。")
        yield row


def _read_row(line: Line, headings: Headings) -> SheetRow | None:
    """The row, or None for a blank row and for the footer."""
    if not any(line.cells):
        return None
    written = tuple(line.cells[: len(headings.written)])
    texts = {
        key: clean(written[index]) if index < len(written) else ""
        for index, key in headings.columns.items()
    }
    if not any(texts.values()) or _is_footer(written):
        return None
    return SheetRow(line.number, texts, written, line.has_formula)


def _is_footer(written: tuple[str, ...]) -> bool:
    first = next((text for text in map(clean, written) if text), "")
    return _FOOTER.match(first.replace(" ", "")) is not None
