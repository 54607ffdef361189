"""What a template's fields may hold: one rule per type, the type being the key's letters."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tools.wechat_emulator.answers import Refusal

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
DATED = {"time", "date"}
HAN = r"\u4e00-\u9fff\u3400-\u4dbf"
DAY = r"(?P<{0}y>\d{{4}})(?P<{0}s>[年/.-])(?P<{0}m>\d{{1,2}})(?:月|[/.-])(?P<{0}d>\d{{1,2}})日?"
CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"


def span(moment: str) -> str:
    """A moment, or two of them joined by ~."""
    return f"{moment.replace('{0}', 'a')}(?:~{moment.replace('{0}', 'b')})?"


def braced(pattern: str) -> str:
    """The pattern with the doubled braces of a template made single."""
    return pattern.replace("{{", "{").replace("}}", "}")


RULES: dict[str, re.Pattern[str]] = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "thing": r".{1,20}",
        "number": r"(?=.{1,32}\Z)-?\d+(?:\.\d+)?",
        "letter": r"[A-Za-z]{1,32}",
        "symbol": rf"[^\w\s{HAN}]{{1,5}}",
        "character_string": r"[ -~]{1,32}",
        "time": braced(span(f"(?:{DAY} ?)?{CLOCK}")),
        "date": braced(span(f"{DAY}(?: ?{CLOCK})?")),
        "amount": r"[¥￥$€£]?\d{1,10}(?:\.\d+)?元?",
        "phone_number": r"[\d+() -]{1,17}",
        "car_number": rf"[{HAN}A-Za-z0-9](?:[A-Za-z0-9]{{0,6}}[{HAN}A-Za-z0-9])?",
        "name": rf"(?=.*[{HAN}])[{HAN}·A-Za-z]{{1,10}}|[A-Za-z .·'-]{{1,20}}",
        "phrase": rf"[{HAN}]{{1,5}}",
    }.items()
}


def kind_of(key: str) -> str:
    """`thing` of `thing1`."""
    return key.rstrip("0123456789")


def is_allowed(kind: str, text: str) -> bool:
    """Whether a text may stand in a field of this type."""
    found = RULES[kind].fullmatch(text)
    if found is None or CONTROL.search(text):
        return False
    return kind not in DATED or has_real_days(found.groupdict())


def has_real_days(parts: Mapping[str, str | None]) -> bool:
    """No 30th of February among the dates that were found."""
    for side in ("a", "b"):
        year, month, day = (parts.get(f"{side}{part}") for part in "ymd")
        if year and month and day:
            try:
                date(int(year), int(month), int(day))
            except ValueError:
                return False
    return True


def require_fields(
    given: Mapping[str, Any], keys: list[str], choices: Mapping[str, list[str]]
) -> dict[str, str]:
    """The value of each key; raises Refusal 47003 naming the first bad one."""
    for key in given:
        if key not in keys:
            raise Refusal(47003, f"argument invalid! data.{key}.value invalid")
    return {key: require_field(key, given.get(key), choices.get(key)) for key in keys}


def require_field(key: str, given: Any, choices: list[str] | None) -> str:
    """The value of one field `{"value": text}`."""
    text = given.get("value") if isinstance(given, dict) else None
    if text is None or (isinstance(text, str) and not text.strip()):
        raise Refusal(47003, f"argument invalid! data.{key}.value is emtpy")
    is_chosen = choices is None or text in choices
    if not (isinstance(text, str) and is_chosen and is_allowed(kind_of(key), text)):
        raise Refusal(47003, f"argument invalid! data.{key}.value invalid")
    return text
