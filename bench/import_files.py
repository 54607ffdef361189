"""Register sheets as the files that offices send: .xlsx with shared strings, or .csv."""

import csv
import zipfile
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from bench.import_rows import Sheet

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATION = f'<Relationships xmlns="{_PACKAGE}/relationships">'

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
    "</Types>",
    "_rels/.rels": f'{_RELATION}<Relationship Id="rId1" Type="{_OFFICE}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="上报表" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_RELATION}<Relationship Id="rId1" Type="{_OFFICE}/worksheet"'
    ' Target="worksheets/sheet1.xml"/><Relationship Id="rId2"'
    f' Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}


def write_workbook(path: Path, sheet: Sheet) -> None:
    """Write the sheet as spreadsheets do: a text once, however many cells hold it."""
    strings: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            _write_rows(part, sheet, strings)
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(f'<sst xmlns="{_MAIN}" uniqueCount="{len(strings)}">'.encode())
            for text in strings:
                part.write(f"<si><t>{escape(text)}</t></si>".encode())
            part.write(b"</sst>")


def write_text(path: Path, sheet: Sheet, encoding: str) -> None:
    """Write the sheet as comma-separated text."""
    with path.open("wb") as file, TextIOWrapper(file, encoding, newline="") as text:
        writer = csv.writer(text)
        writer.writerow(sheet.headings)
        writer.writerows(sheet.rows)


def _write_rows(part: IO[bytes], sheet: Sheet, strings: dict[str, int]) -> None:
    letters = [get_column_letter(index + 1) for index in range(len(sheet.headings))]
    part.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
    part.write(_row(1, sheet.headings, letters, strings))
    for number, row in enumerate(sheet.rows, start=2):
        part.write(_row(number, row, letters, strings))
    part.write(b"</sheetData></worksheet>")


def _row(number: int, row: Sequence[str], letters: Sequence[str], strings: dict[str, int]) -> bytes:
    cells = "".join(
        f'<c r="{letter}{number}" t="s"><v>{strings.setdefault(text, len(strings))}</v></c>'
        for letter, text in zip(letters, row, strict=True)
        if text
    )
    return f'<row r="{number}">{cells}</row>'.encode()
