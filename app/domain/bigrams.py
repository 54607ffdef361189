"""检索词: what a text is found by, and what a question looks for. Source: architecture, section 10.

Chinese is cut into all pairs of neighbouring characters, so that every word of two characters finds
its text without a dictionary; Latin letters and digits stay whole words. Both sides are folded the
same way: NFKC, no case, traditional characters simplified. A question finds every text that holds
its words, and rarely one more, which holds all pairs of a longer word but not side by side.
"""

import re
import unicodedata
from collections.abc import Iterator
from importlib import resources
from operator import add

LONGEST_WORD = 40
"""Of Latin letters or digits; the rest of a longer one distinguishes nothing."""
SHORTEST_PREFIX = 2
LONGEST_TEXT = 500
"""Characters of a long text that are indexed: its beginning says what it is about."""

_CHINESE = "〇\u3400-\u9fff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")
_BETWEEN = re.compile(rf"(?<=[{_CHINESE}])[\W_]+(?=[{_CHINESE}])")


def _simplifications() -> dict[int, int]:
    text = resources.files("app.domain").joinpath("traditional.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return str.maketrans("".join(lines[::2]), "".join(lines[1::2]))


_SIMPLIFIED = _simplifications()


def fold(text: str) -> str:
    """`text` as it is compared: NFKC, without case, simplified."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", plain).translate(_SIMPLIFIED)


def words_of_text(text: str) -> set[str]:
    """What the beginning of a long text is found by: pairs of characters, whole Latin words."""
    return _words(fold(text[:LONGEST_TEXT]))


def words_of_name(text: str) -> set[str]:
    """What a name or title is found by: also its single characters, and how its words begin.

    Pairs are made across brackets and spaces too: 鞍山（集团） is found by 鞍山集团.
    """
    folded = fold(text)
    found, closed = _words(folded), _BETWEEN.sub("", folded)
    if closed != folded:
        found |= _words(closed)
    for run in _RUNS.findall(folded):
        found.update(run if _is_chinese(run) else _beginnings(run))
    return found


def name_words(name: str) -> list[str]:
    """What is stored beside a name to find it by: the name itself first, then its words.

    The database compares the first with the name, so that nobody changes the one without the other.
    """
    return [name, *sorted(words_of_name(name))]


def asked(text: str) -> frozenset[str]:
    """The words that a text must have all of to be an answer; none: there is nothing to look for.

    A single Chinese character narrows only where it is all that was asked for: in long texts it
    is not indexed.
    """
    words = _words(fold(text))
    weighty = frozenset(word for word in words if len(word) > 1 or not _is_chinese(word))
    return weighty or frozenset(words)


def _words(folded: str) -> set[str]:
    found: set[str] = set()
    for run in _RUNS.findall(folded):
        if not _is_chinese(run):
            found.add(run[:LONGEST_WORD])
        elif len(run) == 1:
            found.add(run)
        else:
            found.update(map(add, run, run[1:]))
    return found


def _beginnings(word: str) -> Iterator[str]:
    for length in range(SHORTEST_PREFIX, min(len(word), LONGEST_WORD) + 1):
        yield word[:length]


def _is_chinese(run: str) -> bool:
    """Whether a run of `_RUNS`, which is all of one kind, is Chinese."""
    return run[0] == "〇" or "\u3400" <= run[0] <= "\u9fff" or run[0] >= "\U00020000"
