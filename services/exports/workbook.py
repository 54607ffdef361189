"""导出的工作簿: written row by row, every cell plain, marked with who asked, when and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from app.clock import LOCAL_ZONE

SHEET_TITLE = "导出"
COLUMN_WIDTH = 18
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet may begin to calculate, at the latest when the sheet becomes CSV."""
LONGEST_HEADER = 200


@dataclass(frozen=True, slots=True)
class Watermark:
    """Who asked for the workbook, as which account, when, and why."""

    name: str
    account_id: int
    at: datetime
    purpose: str

    def __str__(self) -> str:
        told = self.at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
        return f"{self.name}（账号 {self.account_id}）于 {told} 导出，用途：{self.purpose}"


def write_workbook(
    mark: Watermark, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> bytes:
    """The .xlsx, with the mark on top, above and below each page, and in its properties.

    Rows go to the disk one by one, however many they are.
    """
    book = Workbook(write_only=True)
    book.properties.creator = mark.name
    book.properties.title = str(mark)
    book.properties.description = str(mark)
    sheet = book.create_sheet(SHEET_TITLE)
    sheet.freeze_panes = "A3"
    for index in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(index)].width = COLUMN_WIDTH
    _mark_pages(sheet, str(mark))
    sheet.append([_cell(sheet, str(mark), is_bold=True)])
    sheet.append([_cell(sheet, heading, is_bold=True) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _mark_pages(sheet: Any, text: str) -> None:
    # An ampersand begins a code there.
    plain = text[:LONGEST_HEADER].replace("&", "&&")
    sheet.oddHeader.center.text = plain
    sheet.oddFooter.center.text = plain
    sheet.oddFooter.right.text = "&P / &N"
    sheet.print_title_rows = "1:2"


def _cell(sheet: Any, value: Any, *, is_bold: bool = False) -> Any:
    """A cell of text or of a number; what looks like a formula stays text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value=value)
    text = ILLEGAL_CHARACTERS_RE.sub("", _said(value))
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(LIKE_A_FORMULA)
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
    return "" if value is None else str(value)
