"""What every kind of file is read into first: numbered lines of texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

MAX_COLUMNS = 64


class Line(NamedTuple):
    """The cells of one row as a person would type them, and whether a formula is among them."""

    number: int
    cells: list[str]
    has_formula: bool = False


class Table(Protocol):
    """A sheet of a workbook, or a text file. `last_row`: what it says of itself, if anything."""

    @property
    def last_row(self) -> int | None: ...

    def lines(self) -> Iterator[Line]: ...


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its line on the sheet, the texts by column key, the cells as they were written."""

    number: int
    texts: dict[str, str]
    cells: tuple[str, ...]
    has_formula: bool = False
