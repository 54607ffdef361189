"""个人信息: taken out of a text before it leaves the house.

Numbers by which somebody is called, paid or known, addresses of mail, and the names that are known
beforehand. Rather too much than too little: what is left is only judged, never shown. Source: the
domain, section 10 (strip phone and ID numbers before sending text to a third party).
"""

import re
import unicodedata
from collections.abc import Iterable

TAKEN_OUT = "〔隐去〕"
"""What stands for everything that was taken out."""

FEWEST_DIGITS = 7
"""A row of so many digits may be somebody's number: telephones are the shortest."""

SHORTEST_NAME = 2

_GAP = r"[\s\-_.·・,，、/()]{0,3}"
_DIGIT = r"[\d〇零一二两幺三四五六七八九壹贰叁肆伍陆柒捌玖]"
_MAIL = re.compile(r"[A-Za-z0-9_.+%-]+ ?@ ?[A-Za-z0-9-]+(?: ?\. ?[A-Za-z0-9-]+)+")
_SIGN = "[0-9A-Z][ -]?"
_LETTERED = "(?<![0-9A-Z])(?=(?:[0-9][ -]?){0,17}[A-Z])"
_CODE = re.compile(
    rf"{_LETTERED}(?:{_SIGN}){{2}}(?:[0-9][ -]?){{6}}(?:{_SIGN}){{9}}[0-9A-Z](?![ -]?[0-9])",
    re.IGNORECASE,
)
"""A credit code: two signs, six digits of an area, nine signs of an organisation, one to check.

Without any letter it is found as a number.
"""

_NUMBER = re.compile(rf"{_DIGIT}(?:{_GAP}{_DIGIT}){{{FEWEST_DIGITS - 1},}}(?:{_GAP}[xX](?!\w))?")


def without_personal_data(text: str, names: Iterable[str] = ()) -> str:
    """`text` in its plain form (NFKC, nothing invisible) without what tells of a person.

    `names` are those that are known of the case; a single character is no name.
    """
    found = _plain(text)
    for pattern in (*_of_names(names), _MAIL, _CODE, _NUMBER):
        found = pattern.sub(TAKEN_OUT, found)
    return found


def _plain(text: str) -> str:
    """Full-width digits as digits, and without characters that only stand between others."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(one for one in plain if unicodedata.category(one) != "Cf")


def _of_names(names: Iterable[str]) -> list[re.Pattern[str]]:
    """One pattern for each name, the longest first; blanks between its characters hide nothing."""
    letters = {"".join(_plain(name).split()) for name in names}
    told = sorted((one for one in letters if len(one) >= SHORTEST_NAME), key=lambda one: -len(one))
    return [re.compile(r"\s*".join(map(re.escape, one)), re.IGNORECASE) for one in told]
