"""A part of a workbook, item by item, as nearly every program writes it: found by pattern.

A parser makes an object of every cell, of which a city's sheet has three million. A pattern accepts
only what a parser would read in the same way. An item that is written otherwise (a formula, runs of
text, an escaped character) goes through a parser by itself; where even that cannot be said for
certain, `Unusual` tells that a parser must read the whole part.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import XML, Element, ParseError
from xml.parsers import expat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CHARACTERS = rb"[^<>&\x00-\x08\x0b-\x1f]*+"
"""As many as there are that stand for themselves."""
ATTRIBUTES = rb"""(?: (?!xmlns|r=)[a-zA-Z]+="[ !#-%'-;=?-~]*+")*+"""
"""As many as there are that rename nothing, and no second `r`."""

CHUNK_BYTES = 64 * 1024
LONGEST_ITEM = 4 * 1024 * 1024
NO_CHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")

_NAMES = f'xmlns="{MAIN}"'.encode()
_DECLARATION = re.compile(
    rb"""<\?xml version=.1\.0.(?: encoding=["']utf-8["'])?(?: standalone=["']\w+["'])?\s*\?>""",
    re.IGNORECASE,
)


class Unusual(Exception):
    """Only a parser can tell what stands there, if anything does."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a part is written: its root, where the items begin and end, an item by pattern.

    `tag` is what a parser calls an item.
    """

    tag: str
    root: re.Pattern[bytes]
    opening: re.Pattern[bytes]
    item: re.Pattern[bytes]
    item_end: bytes
    closing: re.Pattern[bytes]


def plain_items(stream: IO[bytes], shape: Shape) -> Iterator[re.Match[bytes] | Element]:
    """The items in their order: matches of `shape.item`, or elements where one does not match.

    Raises `Unusual`, which may be after some of them.
    """
    head, rest = _head(stream, shape)
    around = expat.ParserCreate(namespace_separator=" ")
    _check(around, head)
    root = _root(head, shape)
    place = 0
    while not shape.closing.match(rest, place):
        if found := shape.item.match(rest, place):
            yield found
            place = found.end()
            continue
        end = rest.find(shape.item_end, place)
        if end >= 0:
            yield from _parsed(root, rest[place : end + len(shape.item_end)], shape.tag)
            place = end + len(shape.item_end)
        else:
            rest, place = rest[place:] + _more(stream, len(rest) - place), 0
    _check(around, rest[place:])
    while more := stream.read(CHUNK_BYTES):
        _check(around, more)
    _check(around, b"", is_last=True)


def _head(stream: IO[bytes], shape: Shape) -> tuple[bytes, bytes]:
    """What stands before the first item, and the beginning of the rest."""
    text = b""
    while not (found := shape.opening.search(text)):
        text += _more(stream, len(text))
    return text[: found.end()], text[found.end() :]


def _root(head: bytes, shape: Shape) -> bytes:
    """The tag in whose names items are written: in UTF-8, and not within a comment."""
    plain = _DECLARATION.sub(b"", head, count=1)
    found = shape.root.search(plain)
    if not found or b"<!" in plain or b"<?" in plain or _NAMES not in found[0]:
        raise Unusual
    return found[0]


def _more(stream: IO[bytes], waiting: int) -> bytes:
    more = stream.read(CHUNK_BYTES)
    if not more or waiting > LONGEST_ITEM or NO_CHARACTERS.search(more):
        raise Unusual
    return more


def _parsed(root: bytes, text: bytes, tag: str) -> Element:
    """The items in `text`, which are more than one where the first is empty."""
    name = root[1:].partition(b" ")[0]
    try:
        items = XML(root + text + b"</" + name + b">")
    except ParseError:
        raise Unusual from None
    if any(item.tag != tag for item in items):
        raise Unusual
    return items


def _check(parser: expat.XMLParserType, text: bytes, *, is_last: bool = False) -> None:
    try:
        parser.Parse(text, is_last)
    except expat.ExpatError:
        raise Unusual from None
