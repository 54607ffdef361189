"""字段类型 of message templates: what the platform lets each hold, and fitting a text into it.

Source: the platform's rules for subscription messages. Where its reading is not established the
stricter one holds: lengths are UTF-16 units, and the symbols of codes are ASCII.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import DomainError


class UnfitText(DomainError):
    """消息字段的内容不符合模板的格式要求。"""

    code = "unfit-text"


class FieldType(StrEnum):
    """字段类型; a field's key is its type and a number ("thing1")."""

    THING = "thing"
    NUMBER = "number"
    LETTER = "letter"
    SYMBOL = "symbol"
    CHARACTER_STRING = "character_string"
    TIME = "time"
    DATE = "date"
    AMOUNT = "amount"
    PHONE_NUMBER = "phone_number"
    CAR_NUMBER = "car_number"
    NAME = "name"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True)
class Rule:
    """`form` is what the text must look like; `ellipsis` ends one that was cut to `length`.

    Without an ellipsis a longer text does not fit: half a number or date would say something else.
    """

    length: int
    form: re.Pattern[str]
    ellipsis: str = ""


_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_DAY = r"\d{4}(?:-(?:0?[1-9]|1[0-2])-|年(?:0?[1-9]|1[0-2])月)(?:0?[1-9]|[12]\d|3[01])日?"
_HOUR = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_TIME = rf"(?:{_DAY} )?{_HOUR}"
_DATE = rf"{_DAY}(?: {_HOUR})?"
_RANGE = 64


def _rule(length: int, form: str, ellipsis: str = "") -> Rule:
    return Rule(length, re.compile(form), ellipsis)


RULES: Mapping[FieldType, Rule] = {
    FieldType.THING: _rule(20, r".+", "…"),
    FieldType.NUMBER: _rule(32, r"-?[0-9]+(?:\.[0-9]+)?"),
    FieldType.LETTER: _rule(32, r"[A-Za-z]+"),
    FieldType.SYMBOL: _rule(5, rf"[^\w\s{_HAN}]+"),
    FieldType.CHARACTER_STRING: _rule(32, r"[!-~]+(?: [!-~]+)*", "..."),
    FieldType.TIME: _rule(_RANGE, rf"{_TIME}(?:~{_TIME})?"),
    FieldType.DATE: _rule(_RANGE, rf"{_DATE}(?:~{_DATE})?"),
    FieldType.AMOUNT: _rule(16, r"[¥￥$€£]?[0-9]{1,10}(?:\.[0-9]{1,2})?元?"),
    FieldType.PHONE_NUMBER: _rule(17, r"[0-9+() -]+"),
    FieldType.CAR_NUMBER: _rule(8, rf"[{_HAN}A-Z0-9][A-Z0-9]*[{_HAN}A-Z0-9]"),
    FieldType.NAME: _rule(20, rf"[A-Za-z .·'…-]+|[{_HAN}A-Za-z·…]+", "…"),
    FieldType.PHRASE: _rule(5, rf"[{_HAN}]+"),
}

HAN_NAME_LENGTH = 10
"""A name with Han in it is half as long as one in letters."""


def fit(field_type: FieldType, text: str) -> str:
    """`text` as a field of this type may hold it: in one line, cut with an ellipsis, never "".

    Raises `UnfitText` where cutting does not help: nothing left, Han in a code, a time of
    another form.
    """
    rule = RULES[field_type]
    line = _shortened(_one_line(text), _length(field_type, text), rule.ellipsis)
    if not rule.form.fullmatch(line) or units(line) > rule.length:
        raise UnfitText
    return line


def units(text: str) -> int:
    """Its length in UTF-16 units: what lies outside the basic plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _length(field_type: FieldType, text: str) -> int:
    if field_type is FieldType.NAME and re.search(f"[{_HAN}]", text):
        return HAN_NAME_LENGTH
    return RULES[field_type].length


def _one_line(text: str) -> str:
    """Without what has no place in a line: controls, breaks, unassigned and invisible signs."""
    return " ".join("".join(map(_visible, text)).split())


def _visible(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cf":
        return ""
    return " " if category[0] in "CZ" else sign


def _shortened(line: str, length: int, ellipsis: str) -> str:
    if not ellipsis or units(line) <= length:
        return line
    while units(line) > length - len(ellipsis):
        line = line[:-1]
    return line.rstrip(" ，、：；,:;（(") + ellipsis
