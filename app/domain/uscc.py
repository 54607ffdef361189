"""统一社会信用代码: the 18-character credit code of an organisation (GB 32100-2015)."""

import re
import unicodedata
from itertools import starmap
from operator import mul

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
VALUES = {character: value for value, character in enumerate(ALPHABET)}

_SEPARATORS = re.compile(r"[\s\-\u200b\ufeff]+")


def normalise(text: str) -> str:
    """`text` as a code is compared: half-width, upper case, without spaces and hyphens."""
    if text.isascii() and text.isalnum():
        return text.upper()  # nearly every cell
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_character(body: str) -> str:
    """The last character that belongs to the first 17. Raises KeyError outside the alphabet."""
    total = sum(starmap(mul, zip(map(VALUES.__getitem__, body), WEIGHTS, strict=True)))
    return ALPHABET[-total % len(ALPHABET)]


def is_valid(code: str) -> bool:
    """Whether a normalised code has 18 characters of the alphabet and the right check character.

    Neither the region nor the inner organisation code is judged: codes outlive the division of
    areas, and old organisation codes were carried over with their own faults.
    """
    if len(code) != LENGTH or not VALUES.keys() >= set(code):
        return False
    return check_character(code[:17]) == code[17]
