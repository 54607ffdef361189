"""The shared strings of a workbook, read as far as they are asked for and kept close together.

A city's workbook has two million of them: as Python texts they would take 200 MB, as one run of
bytes they take a quarter, and texts in the order of the rows are read while the rows are.
"""

import re
from array import array
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import IO
from xml.etree.ElementTree import Element, iterparse

from services.imports.plain_parts import ATTRIBUTES, CHARACTERS, MAIN, Shape, Unusual, plain_items
from services.imports.refusals import too_large

NAMESPACE = f"{{{MAIN}}}"
ITEM, TEXT, PHONETIC = f"{NAMESPACE}si", f"{NAMESPACE}t", f"{NAMESPACE}rPh"
MAX_STRINGS = 8_000_000
REMEMBERED = 2**14

_START = re.compile(rb"<sst [^<>]*(?<!/)>")
STRINGS = Shape(
    tag=ITEM,
    root=_START,
    opening=_START,
    item=re.compile(
        rb'[ \t\r\n]*+<si><t(?: xml:space="preserve")?>(' + CHARACTERS + rb")</t>"
        rb"(?:<phoneticPr" + ATTRIBUTES + rb" ?/>)?</si>"
    ),
    item_end=b"</si>",
    closing=re.compile(rb"[ \t\r\n]*+</sst>"),
)


class SharedStrings:
    """Texts by their number.

    `text` raises `IndexError` beyond the last one, whatever a parser raises where it is broken.
    """

    def __init__(self, open_part: Callable[[], IO[bytes]] | None) -> None:
        self._waiting = _texts(open_part) if open_part else iter(())
        self._bytes = bytearray()
        self._ends = array("I", [0])
        # Most cells hold what another one near by holds too.
        self.text = lru_cache(REMEMBERED)(self._text)

    def _text(self, number: int) -> str:
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


def _texts(open_part: Callable[[], IO[bytes]]) -> Iterator[str]:
    """By pattern, and by a parser from where that ends."""
    count = 0
    try:
        with open_part() as stream:
            for item in plain_items(stream, STRINGS):
                yield rich_text(item) if isinstance(item, Element) else item[1].decode()
                count += 1
            return
    except Unusual:
        pass
    with open_part() as stream:
        yield from islice(_parsed_texts(stream), count, None)


def _parsed_texts(part: IO[bytes]) -> Iterator[str]:
    # Read items must not hang on their parent: without them it stays small.
    root: Element | None = None
    events = iterparse(part, events=("start", "end"))  # noqa: S314 - no part with a DTD gets here
    for event, element in events:
        if root is None:
            root = element
        elif event == "end" and element.tag == ITEM:
            yield rich_text(element)
            root.clear()
