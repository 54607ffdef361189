"""检索的问题: what was typed, as the terms that a row must have."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.domain.areas import PREFIX_LENGTHS
from app.domain.bigrams import asked
from app.domain.register import chinese_name
from app.models.terms import PERSON, TAIL, area_mark, print_mark
from app.sealing import fingerprint
from services.visibility.asking import Condition

_TAIL = re.compile(r"[0-9]{4}")
_PERSON = re.compile(r"[\u3400-\u9fff·]{2,20}")


@dataclass(frozen=True, slots=True)
class Question:
    """Rows are looked for that have all `words`, or the fingerprint `mark`; None: no such rows.

    Both within the areas of `areas`, which are marks.
    """

    words: frozenset[str]
    mark: str | None
    areas: frozenset[str] = frozenset()

    def terms(self) -> tuple[list[str] | None, list[str] | None]:
        """The two arrays of which a row must hold one wholly."""
        marked = [self.mark, *self.areas] if self.mark else None
        return ([*self.words, *self.areas] if self.words else None), marked


def question(text: str, prefixes: Iterable[str] = ()) -> Question:
    """What `text` looks for, within all of the areas with these prefixes.

    The last four digits of a phone number and the whole name of a person are compared by their
    fingerprints. Nothing else of what is sealed can be found, which is what sealing is for.
    """
    lengths = PREFIX_LENGTHS.values()
    areas = frozenset(area_mark(prefix) for prefix in prefixes if len(prefix) in lengths)
    return Question(asked(text), _mark(text), areas)


def matches(array: Any, words: Any, marked: Any) -> Condition:
    """Rows whose `array` of terms holds all of `words`, or all of `marked`; None is in none."""
    return sa.or_(array.contains(words), array.contains(marked))


def _mark(text: str) -> str | None:
    if _TAIL.fullmatch(text.strip()):
        return print_mark(TAIL, fingerprint(text.strip()))
    name = chinese_name(text)
    return print_mark(PERSON, fingerprint(name)) if _PERSON.fullmatch(name) else None
