"""The rows of a sheet of a workbook → lines of texts as a person would type them, streamed."""

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import IO
from xml.etree.ElementTree import Element, iterparse

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel

from services.imports.lines import MAX_COLUMNS, Line
from services.imports.plain_parts import ATTRIBUTES, CHARACTERS, Shape, Unusual, plain_items
from services.imports.shared_strings import NAMESPACE, SharedStrings, rich_text

ROW, VALUE = f"{NAMESPACE}row", f"{NAMESPACE}v"
FORMULA, INLINE = f"{NAMESPACE}f", f"{NAMESPACE}is"
DIGITS = "0123456789"
MAX_SHEET_ROWS = 1_048_576

_STYLE, _KIND = rb' s="([0-9]{1,5})"', rb' t="(s|n|str|b|e|inlineStr)"'
_CELL = (
    rb'<c r="([A-Z]{1,3})[0-9]{1,7}"'
    + (rb"(?:" + _STYLE + rb"(?:" + _KIND + rb")?|" + _KIND + rb"(?:" + _STYLE + rb")?)?")
    + (rb"(?: ?/>|>(?:<v>(" + CHARACTERS + rb")</v>")
    + (rb'|<is><t(?: xml:space="preserve")?>(' + CHARACTERS + rb")</t></is>)?</c>)")
)
_CELLS = re.compile(_CELL)
_ROW = (
    rb'[ \t\r\n]*+<row r="([0-9]{1,7})"'
    + ATTRIBUTES
    + rb'(?: x14ac:dyDescent="[0-9.]+")? ?(?:/>|>((?:'
    # Which cells there are is asked of the row that was found.
    + re.sub(rb"\((?!\?)", rb"(?:", _CELL)
    + rb")*+)</row>)"
)
SHEET = Shape(
    tag=ROW,
    root=re.compile(rb"<worksheet [^<>]*>"),
    opening=re.compile(rb"<sheetData>"),
    item=re.compile(_ROW),
    item_end=b"</row>",
    closing=re.compile(rb"[ \t\r\n]*+</sheetData>"),
)


@dataclass(frozen=True, slots=True)
class Notation:
    """How a workbook writes its cells: shared strings, numbers of styles that mean dates, day 0."""

    strings: SharedStrings
    dates: Container[int]
    epoch: datetime


def read_lines(open_part: Callable[[], IO[bytes]], notation: Notation) -> Iterator[Line]:
    """The rows that are there, by their numbers: by pattern, and by a parser from where that ends.

    Raises whatever a parser raises where the part is damaged.
    """
    count = 0
    try:
        with open_part() as stream:
            for line in _plain_lines(stream, notation):
                yield line
                count += 1
            return
    except Unusual:
        pass  # what has been read is right; the parser has to pass it again
    with open_part() as stream:
        yield from islice(_parsed_lines(stream, notation), count, None)


def _plain_lines(stream: IO[bytes], notation: Notation) -> Iterator[Line]:
    number = 0
    for item in plain_items(stream, SHEET):
        if isinstance(item, Element):
            line = _parsed_line(item, number, notation)
        else:
            line = Line(int(item[1]), _plain_cells(item[2] or b"", notation))
        number = line.number
        if number > MAX_SHEET_ROWS:
            return
        yield line


def _plain_cells(row: bytes, notation: Notation) -> list[str]:
    cells: list[str] = []
    shared = notation.strings.text
    for letters, style, kind, late_kind, late_style, value, inline in _CELLS.findall(row):
        if not value:
            text = inline.decode()
        elif (kind or late_kind) == b"s":
            text = shared(int(value))
        else:
            kinds, styles = (kind or late_kind).decode(), (style or late_style).decode()
            text = _meant(value.decode(), kinds, styles, notation)
        column = _columns.get(letters) or _column(letters)
        if column == len(cells) + 1 <= MAX_COLUMNS:
            cells.append(text)  # nearly every cell
        else:
            _put(cells, column, text)
    return cells


def _parsed_lines(stream: IO[bytes], notation: Notation) -> Iterator[Line]:
    number = 0
    for _, element in iterparse(stream):  # noqa: S314 - no part with a DTD gets here
        if element.tag != ROW:
            continue
        line = _parsed_line(element, number, notation)
        number = line.number
        if number > MAX_SHEET_ROWS:
            return
        yield line
        element.clear()


def _parsed_line(row: Element, before: int, notation: Notation) -> Line:
    cells: list[str] = []
    has_formula, column = False, 0
    for cell in row:
        place = cell.get("r")
        column = _column(place.rstrip(DIGITS).encode()) if place else column + 1
        if column > MAX_COLUMNS:
            continue
        text, is_formula = _parsed_text(cell, notation)
        _put(cells, column, text)
        has_formula |= is_formula
    return Line(int(row.get("r") or before + 1), cells, has_formula)


def _parsed_text(cell: Element, notation: Notation) -> tuple[str, bool]:
    """What stands in the cell; of a formula the formula, and True."""
    value = ""
    for part in cell:
        if part.tag == VALUE:
            value = part.text or ""
        elif part.tag == FORMULA:
            return f"={part.text or ''}", True
        elif part.tag == INLINE:
            return rich_text(part), False
    return _meant(value, cell.get("t") or "", cell.get("s") or "", notation), False


def _meant(value: str, kind: str, style: str, notation: Notation) -> str:
    if kind == "s":
        return notation.strings.text(int(value)) if value else ""
    if value and kind in ("", "n"):
        return _number(value, style, notation)
    return value


def _number(value: str, style: str, notation: Notation) -> str:
    if style and int(style) in notation.dates:
        return _moment(float(value), notation.epoch)
    if value.isdigit():
        return value
    number = float(value)
    return str(int(number)) if number.is_integer() else str(number)


def _moment(number: float, epoch: datetime) -> str:
    moment = from_excel(number, epoch)
    return moment.isoformat() if isinstance(moment, datetime | date | time) else str(moment)


def _put(cells: list[str], column: int, text: str) -> None:
    if column > MAX_COLUMNS:
        return
    if column > len(cells):
        cells += [""] * (column - len(cells))
    cells[column - 1] = text


_columns: dict[bytes, int] = {}


def _column(letters: bytes) -> int:
    known = _columns.get(letters)
    if known is None:
        known = _columns[letters] = column_index_from_string(letters.decode())
    return known
