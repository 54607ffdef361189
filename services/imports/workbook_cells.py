"""An .xlsx workbook → rows of texts as a person would type them, streamed.

The package, its styles and its sheets are opened by openpyxl; strings and rows, of which there are
millions, are read here: cells of openpyxl take ten times as long.
"""

import zipfile
import zlib
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel
from openpyxl.xml.constants import SHARED_STRINGS

from services.imports.lines import MAX_COLUMNS, Line
from services.imports.refusals import unreadable_workbook, workbook_refused
from services.imports.shared_strings import NAMESPACE, SharedStrings, rich_text
from services.imports.workbook_safety import check_workbook

DIMENSION, ROWS = f"{NAMESPACE}dimension", f"{NAMESPACE}sheetData"
ROW, VALUE = f"{NAMESPACE}row", f"{NAMESPACE}v"
FORMULA, INLINE = f"{NAMESPACE}f", f"{NAMESPACE}is"
DIGITS = "0123456789"
MAX_SHEET_ROWS = 1_048_576

# openpyxl trusts its input: a damaged or hostile part surfaces as any of these.
UNREADABLE = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError,
    ParseError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notation:
    """How a workbook writes its cells: shared strings, numbers of styles that mean dates, day 0."""

    strings: SharedStrings
    dates: Container[int]
    epoch: datetime


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """A visible sheet. `last_row` is what it says of itself: it may lie or be absent."""

    archive: zipfile.ZipFile
    part: str
    last_row: int | None
    notation: Notation

    def lines(self) -> Iterator[Line]:
        """The rows that are there, by their numbers. Raises `InvalidInput` where it is damaged."""
        try:
            with self.archive.open(self.part) as stream:
                yield from self._read(stream)
        except UNREADABLE as error:
            raise unreadable_workbook() from error

    def _read(self, stream: IO[bytes]) -> Iterator[Line]:
        number = 0
        for _, element in iterparse(stream):  # noqa: S314 - no part with a DTD gets here
            if element.tag != ROW:
                continue
            number = int(element.get("r") or number + 1)
            if number > MAX_SHEET_ROWS:
                return
            yield self._line(number, element)
            element.clear()

    def _line(self, number: int, row: Element) -> Line:
        cells: list[str] = []
        has_formula, column = False, 0
        for cell in row:
            place = cell.get("r")
            column = _column(place) if place else column + 1
            if column > MAX_COLUMNS:
                continue
            if column > len(cells):
                cells += [""] * (column - len(cells))
            text, is_formula = self._text(cell)
            cells[column - 1] = text
            has_formula |= is_formula
        return Line(number, cells, has_formula)

    def _text(self, cell: Element) -> tuple[str, bool]:
        """What stands in the cell; of a formula the formula, and True."""
        value = ""
        for part in cell:
            if part.tag == VALUE:
                value = part.text or ""
            elif part.tag == FORMULA:
                return f"={part.text or ''}", True
            elif part.tag == INLINE:
                return rich_text(part), False
        kind = cell.get("t")
        if kind == "s":
            return (self.notation.strings[int(value)] if value else ""), False
        if value and kind in (None, "n"):
            return self._number(value, cell.get("s")), False
        return value, False

    def _number(self, value: str, style: str | None) -> str:
        if style is not None and int(style) in self.notation.dates:
            return _moment(float(value), self.notation.epoch)
        if value.isdigit():
            return value
        number = float(value)
        return str(int(number)) if number.is_integer() else str(number)


_columns: dict[str, int] = {}


def _column(place: str) -> int:
    letters = place.rstrip(DIGITS)
    known = _columns.get(letters)
    if known is None:
        known = _columns[letters] = column_index_from_string(letters)
    return known


def _moment(number: float, epoch: datetime) -> str:
    moment = from_excel(number, epoch)
    return moment.isoformat() if isinstance(moment, datetime | date | time) else str(moment)


class Package(ExcelReader):
    """Opens a workbook but leaves its strings and rows where they are."""

    strings = SharedStrings(None)

    def read_strings(self) -> None:
        manifest: Any = self.package
        part = manifest.find(SHARED_STRINGS)
        if part is not None:
            self.strings = SharedStrings(self.archive.open(part.PartName[1:]))

    def read_worksheets(self) -> None:
        """Nothing: openpyxl would read a sheet to its end to know how long it is."""

    def visible_sheets(self) -> list[WorkbookSheet]:
        """Those that a reader of the workbook sees, in their order."""
        workbook: Any = self.wb
        dates = workbook._date_formats  # noqa: SLF001 - it keeps them nowhere else
        notation = Notation(self.strings, dates, workbook.epoch)
        parts = [
            rel.target
            for sheet, rel in self.parser.find_sheets()
            if sheet.state == "visible" and rel.Type.endswith("/worksheet")
        ]
        return [
            WorkbookSheet(self.archive, part, self._last_row(part), notation)
            for part in parts
            if part in self.valid_files
        ]

    def _last_row(self, part: str) -> int | None:
        """By the dimension that stands before the rows, if there is one."""
        with self.archive.open(part) as stream:
            beginning = iterparse(stream, events=("start",))  # noqa: S314 - as above
            for _, element in beginning:
                if element.tag == DIMENSION:
                    *_, last = range_boundaries(element.get("ref", ""))
                    return last
                if element.tag == ROWS:
                    return None
        return None


@contextmanager
def open_workbook_sheets(file: BinaryIO) -> Iterator[list[WorkbookSheet]]:
    """The visible sheets of a harmless .xlsx workbook. Raises `InvalidInput`."""
    check_workbook(file)
    try:
        package = Package(file, read_only=True, keep_links=False)
        package.read()
        sheets = package.visible_sheets()
    except UNREADABLE as error:
        raise unreadable_workbook() from error
    if not sheets:
        raise workbook_refused("no-sheet", "工作簿中没有可见的工作表。")
    yield sheets
