"""行政区划代码: twelve characters, cut to a prefix by the level of the area, never by its zeros.

A development zone without a national code (开发区) gets a local one: the prefix of its parent, a
letter, zeros, so that the same comparison of prefixes holds for it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

PREFIX_LENGTHS = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12}
LEVELS = tuple(PREFIX_LENGTHS)
CODE_LENGTH = 12
LOCAL_LETTERS = "ZYXWVUTSRQPNMLKJHGFEDCBA"
"""Without I and O, which are read as figures."""

_WRITTEN = re.compile(r"[0-9]{2}[0-9A-Z]{0,10}")


def prefix(code: str, level: str) -> str:
    """The part of `code` that every place inside the area shares.

    By level alone: a county may hang under a province and a town under a city, and two of three
    village codes end in zeros that mean something.
    """
    return code[: PREFIX_LENGTHS[level]]


def is_within(code: str, scope: str) -> bool:
    """Whether the area `code` lies in the area whose prefix is `scope`; "" is everywhere."""
    return code.startswith(scope)


def local_codes(scope: str, level: str) -> Iterator[str]:
    """The codes that a zone of `level` below the area with the prefix `scope` may bear, in order.

    The prefix of the parent, a letter and figures, zeros: nothing that the state will ever give.
    """
    figures = PREFIX_LENGTHS[level] - len(scope) - 1
    for letter in LOCAL_LETTERS:
        for number in range(10**figures):
            text = f"{number:0{figures}d}" if figures else ""
            yield f"{scope}{letter}{text}".ljust(CODE_LENGTH, "0")


@lru_cache(maxsize=4096)
def full_code(text: str) -> str | None:
    """Twelve characters from a code written in 2, 4, 6, 9 or 12; None when it is no such code."""
    if len(text) not in PREFIX_LENGTHS.values() or not _WRITTEN.fullmatch(text):
        return None
    return text.ljust(CODE_LENGTH, "0")
