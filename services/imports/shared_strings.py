"""The shared strings of a workbook, read as far as they are asked for and kept close together.

A city's workbook has two million of them: as Python texts they would take 200 MB, as one run of
bytes they take a quarter, and texts in the order of the rows are read while the rows are.
"""

from array import array
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, iterparse

from services.imports.refusals import too_large

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ITEM, TEXT, PHONETIC = f"{NAMESPACE}si", f"{NAMESPACE}t", f"{NAMESPACE}rPh"
MAX_STRINGS = 8_000_000


class SharedStrings:
    """Texts by their number. Raises `IndexError` beyond the last one, `ParseError` when broken."""

    def __init__(self, part: IO[bytes] | None) -> None:
        self._waiting = _texts(part) if part else iter(())
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        while number + 1 >= len(self._ends):
            self._read_one()
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode()

    def _read_one(self) -> None:
        text = next(self._waiting, None)
        if text is None:
            raise IndexError
        if len(self._ends) > MAX_STRINGS:
            raise too_large()
        self._bytes += text.encode()
        self._ends.append(len(self._bytes))


def rich_text(item: Element) -> str:
    """The text of an item, of all its runs together, without the phonetic guide."""
    if len(item) == 1 and item[0].tag == TEXT:
        return item[0].text or ""
    runs = (child for child in item if child.tag != PHONETIC)
    return "".join(text.text or "" for run in runs for text in run.iter(TEXT))


def _texts(part: IO[bytes]) -> Iterator[str]:
    # Read items must not hang on their parent: without them it stays small.
    root: Element | None = None
    events = iterparse(part, events=("start", "end"))  # noqa: S314 - no part with a DTD gets here
    for event, element in events:
        if root is None:
            root = element
        elif event == "end" and element.tag == ITEM:
            yield rich_text(element)
            root.clear()
