"""The error workbook: the rows to correct, in the columns they came in, with the reason behind."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from app.domain.actor import Actor
from services.imports.columns import REASON
from services.imports.results import get_rejected

SHEET_TITLE = "待更正"
COLUMN_WIDTH = 20
REASON_WIDTH = 60


def write_error_workbook(actor: Actor, batch_id: int) -> bytes:
    """An .xlsx of the rows in error; corrected, it can be uploaded as it is. Raises `NotFound`."""
    rejected = get_rejected(actor, batch_id)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET_TITLE)
    width = len(rejected.headings)
    for index in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(index)].width = COLUMN_WIDTH
    sheet.column_dimensions[get_column_letter(width + 1)].width = REASON_WIDTH
    sheet.append([_cell(sheet, text, is_bold=True) for text in (*rejected.headings, REASON)])
    for cells, reason in rejected.rows:
        padded = (*cells, *[""] * (width - len(cells)))
        sheet.append([_cell(sheet, text) for text in (*padded, reason)])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, text: str, *, is_bold: bool = False) -> Any:
    """A cell of text, whatever it looks like: a formula that was refused must not come alive."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith("=")
    if is_bold:
        cell.font = Font(bold=True)
    return cell
