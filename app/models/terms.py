"""检索项: the terms by which rows are found, as one array for each row, which GIN indexes.

An array holds words (`app.domain.bigrams`) and, behind a letter and a colon, marks of three more
kinds: `a:` the area of the row and every area around it, so that "word AND area" is one condition
of one index; `t:` the last four digits of a phone number; `n:` the name of a person. Of what
is sealed there is the beginning of the keyed hash, never a word. Arrays of words are stored; the
marks are made of the row's own columns wherever the array is needed, so that they are never old.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.domain.areas import PREFIX_LENGTHS

PRINT_BYTES = 8
AREA, TAIL, PERSON = "a", "t", "n"


def area_mark(prefix: str) -> str:
    """The mark of rows in the area of this prefix; for prefixes as long as a level has them."""
    return f"{AREA}:{prefix}"


def print_mark(kind: str, fingerprint: bytes) -> str:
    """The mark of rows with this fingerprint; `kind` is TAIL or PERSON."""
    return f"{kind}:{fingerprint[:PRINT_BYTES].hex()}"


def terms_of(words: str, *marks: str) -> Any:
    """The array of a row: `words`, an expression, and the expressions of its marks."""
    array = f"({words} || ARRAY[{', '.join(marks)}])"
    return sa.literal_column(array, ARRAY(sa.Text))


def areas(code: str) -> str:
    """The marks of the area in the column `code` and of all around it."""
    return ", ".join(f"'{AREA}:' || left({code}, {n})" for n in PREFIX_LENGTHS.values())


def printed(kind: str, column: str) -> str:
    """The mark of a column with a fingerprint; NULL for NULL."""
    return f"'{kind}:' || encode(substring({column}, 1, {PRINT_BYTES}), 'hex')"
