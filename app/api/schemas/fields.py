"""Fields that speak Chinese and refuse what a database cannot hold."""

import re
from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, fields

from app.api.messages import Message

_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
MAX_ID = 2**63 - 1

COMMON: dict[str, Any] = {
    "required": Message("required", "必填。"),
    "null": Message("null", "不能为空。"),
    "validator_failed": Message("invalid", "填写有误。"),
}


class Strict(Schema):
    """Base of every input: unknown fields are refused."""

    class Meta:
        unknown = RAISE

    error_messages: dict[str, str] = {  # noqa: RUF012  # marshmallow declares it on the instance
        "unknown": Message("unknown", "不认识的字段。"),
        "type": Message("type", "应为 JSON 对象。"),
    }


class Text(fields.String):
    """Text of `shortest` to `longest` characters, trimmed, without control characters."""

    default_error_messages = COMMON | {
        "invalid": Message("type", "应为文本。"),
        "invalid_utf8": Message("characters", "含有无法识别的字符。"),
        "characters": Message("characters", "含有不允许的控制字符。"),
        "length": Message("length", "应为 {shortest} 到 {longest} 个字。"),
        "pattern": Message("pattern", "格式不正确。"),
    }

    def __init__(
        self, shortest: int, longest: int, *, pattern: str | None = None, **options: Any
    ) -> None:
        self._shortest, self._longest = shortest, longest
        self._pattern = re.compile(pattern) if pattern else None
        super().__init__(**options)
        self.metadata = {"minLength": shortest, **self.metadata}
        self.metadata = {"maxLength": longest, **self.metadata}
        if pattern:
            self.metadata = {"pattern": pattern, **self.metadata}

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> str:
        text = str(super()._deserialize(value, *place, **options)).strip()
        if _UNSTORABLE.search(text):
            raise self.make_error("characters")
        if not self._shortest <= len(text) <= self._longest:
            raise self.make_error("length", shortest=self._shortest, longest=self._longest)
        if self._pattern and not self._pattern.fullmatch(text):
            raise self.make_error("pattern")
        return text


class Number(fields.Integer):
    """A whole number from `least` to `most`; text is taken only in a query."""

    default_error_messages = COMMON | {
        "invalid": Message("type", "应为整数。"),
        "too_large": Message("range", "数值过大。"),
        "range": Message("range", "应在 {least} 到 {most} 之间。"),
    }

    def __init__(self, least: int, most: int, *, strict: bool = True, **options: Any) -> None:
        self._least, self._most = least, most
        super().__init__(strict=strict, **options)
        self.metadata = {"minimum": least, **self.metadata}
        self.metadata = {"maximum": most, **self.metadata}

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> int:
        if isinstance(value, bool) or (self.strict and isinstance(value, str)):
            raise self.make_error("invalid", input=value)
        number = super()._deserialize(value, *place, **options)
        if not self._least <= number <= self._most:
            raise self.make_error("range", least=self._least, most=self._most)
        return number


def identifier(**options: Any) -> Number:
    """The number of a stored object."""
    return Number(1, MAX_ID, **options)


class Flag(fields.Boolean):
    """true or false, nothing that merely looks like it."""

    default_error_messages = COMMON | {"invalid": Message("type", "应为 true 或 false。")}

    def __init__(self, **options: Any) -> None:
        super().__init__(truthy={"true", True}, falsy={"false", False}, **options)


class Choice(fields.Enum[StrEnum]):
    """One of the values of an enumeration."""

    default_error_messages = COMMON | {"unknown": Message("choice", "应为下列之一：{choices}。")}

    def __init__(self, enum: type[StrEnum], **options: Any) -> None:
        super().__init__(enum, by_value=fields.String(), **options)


class Instant(fields.AwareDateTime):
    """An RFC 3339 instant with its offset."""

    default_error_messages = COMMON | {
        "invalid": Message("type", "应为带时区的时间，例如 2026-11-23T09:00:00+08:00。"),
        "invalid_awareness": Message("offset", "时间须带时区，例如 +08:00。"),
        "format": Message("type", "时间格式不正确。"),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)


class Day(fields.Date):
    """A date, YYYY-MM-DD."""

    default_error_messages = COMMON | {
        "invalid": Message("type", "应为日期，例如 2026-11-23。"),
        "format": Message("type", "日期格式不正确。"),
    }


class Listed(fields.List[Any]):
    """A list of `fewest` to `most` entries, each once, as a tuple."""

    default_error_messages = COMMON | {
        "invalid": Message("type", "应为列表。"),
        "count": Message("count", "应为 {fewest} 到 {most} 项。"),
        "distinct": Message("distinct", "不得重复。"),
    }

    def __init__(self, inner: fields.Field[Any], fewest: int, most: int, **options: Any) -> None:
        self._fewest, self._most = fewest, most
        super().__init__(inner, **options)
        self.metadata = {"minItems": fewest, **self.metadata}
        self.metadata = {"maxItems": most, **self.metadata}
        self.metadata = {"uniqueItems": True, **self.metadata}

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> Any:
        entries = super()._deserialize(value, *place, **options)
        if not self._fewest <= len(entries) <= self._most:
            raise self.make_error("count", fewest=self._fewest, most=self._most)
        if len(set(entries)) != len(entries):
            raise self.make_error("distinct")
        return tuple(entries)
