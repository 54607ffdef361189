"""An .xlsx workbook → rows of texts as a person would type them, streamed.

The package, its styles and its sheets are opened by openpyxl. Strings and rows, of which there are
millions, are read by `shared_strings` and `sheet_rows`: cells of openpyxl take far longer.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError, iterparse

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import range_boundaries
from openpyxl.xml.constants import SHARED_STRINGS

from services.imports.lines import Line
from services.imports.refusals import unreadable_workbook, workbook_refused
from services.imports.shared_strings import NAMESPACE, SharedStrings
from services.imports.sheet_rows import Notation, read_lines
from services.imports.workbook_safety import check_workbook

DIMENSION, ROWS = f"{NAMESPACE}dimension", f"{NAMESPACE}sheetData"

# openpyxl trusts its input: a damaged or hostile part surfaces as any of these.
UNREADABLE = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError,
    ParseError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


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
            yield from read_lines(partial(self.archive.open, self.part), self.notation)
        except UNREADABLE as error:
            raise unreadable_workbook() from error


class Package(ExcelReader):
    """Opens a workbook but leaves its strings and rows where they are."""

    strings = SharedStrings(None)

    def read_strings(self) -> None:
        manifest: Any = self.package
        part = manifest.find(SHARED_STRINGS)
        if part is not None:
            self.strings = SharedStrings(partial(self.archive.open, part.PartName[1:]))

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
