"""Fields that speak Chinese and refuse what a database cannot hold."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, fields
from marshmallow.validate import OneOf
from werkzeug.datastructures import FileStorage

from app.api.messages import Message

_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOBILE = re.compile(r"(?<![0-9])(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]){8}(?![0-9])")
_WHOLE = re.compile(r"-?[0-9]{1,19}", re.ASCII)
MAX_ID = 2**63 - 1
AREA_CODE = "[0-9]{2}[0-9A-Z]{10}"
NUMBER = "^[A-Z]{2,4}[0-9]{8}-[0-9]{6}$"
YEARS = range(2000, 2101)

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


class Query(Strict):
    """Base of every query: what is left out is not there, and nothing in an address is null."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # noqa: ARG002  # marshmallow's
        field_obj.allow_none = False
        if field_obj.load_default is None:
            # The document would show null as the default of a text.
            field_obj.load_default = _nothing


def _nothing() -> None:
    return None


class Answer(Schema):
    """Base of every answer: nothing but its members, and all of them save those `sometimes` there.

    Answers are prepared by the services and never walked by marshmallow; tests hold them to this.
    """

    class Meta:
        unknown = RAISE

    sometimes: ClassVar[frozenset[str]] = frozenset()

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = field_name not in self.sometimes


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
            self.metadata = {"pattern": f"^{pattern}$", **self.metadata}

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> str:
        text = self._trimmed(str(super()._deserialize(value, *place, **options)))
        if _UNSTORABLE.search(text):
            raise self.make_error("characters")
        if not self._shortest <= len(text) <= self._longest:
            raise self.make_error("length", shortest=self._shortest, longest=self._longest)
        if self._pattern and not self._pattern.fullmatch(text):
            raise self.make_error("pattern")
        return text

    def _trimmed(self, text: str) -> str:
        return text.strip()


class SearchText(Text):
    """Words to search by, which stand in an address: logs and histories keep those.

    So a whole mobile number is refused there; its last four digits find it, too.
    """

    default_error_messages = Text.default_error_messages | {
        "phone": Message("phone-in-address", "请勿在网址中填写完整的手机号，用后四位查找。"),
    }

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> str:
        text = super()._deserialize(value, *place, **options)
        if _MOBILE.search(text):
            raise self.make_error("phone")
        return text


class Secret(Text):
    """A password: text of which every character counts, blanks at its ends too."""

    def _trimmed(self, text: str) -> str:
        return text


class Number(fields.Integer):
    """A whole number from `least` to `most`; text is taken only in a query (not `strict`)."""

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
        is_text = not self.strict and isinstance(value, str) and _WHOLE.fullmatch(value)
        if isinstance(value, bool) or not (is_text or isinstance(value, int)):
            raise self.make_error("invalid", input=value)
        number = super()._deserialize(int(value), *place, **options)
        if not self._least <= number <= self._most:
            raise self.make_error("range", least=self._least, most=self._most)
        return number


def identifier(**options: Any) -> Number:
    """The number of a stored object."""
    return Number(1, MAX_ID, **options)


class Flag(fields.Boolean):
    """true or false; as text only in a query or a form (not `strict`)."""

    default_error_messages = COMMON | {"invalid": Message("type", "应为 true 或 false。")}

    def __init__(self, *, strict: bool = True, **options: Any) -> None:
        self._texts = {} if strict else {"true": True, "false": False}
        super().__init__(**options)

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> bool:
        said = self._texts.get(value) if isinstance(value, str) else value
        if not isinstance(said, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(said, *place, **options)


class Choice(fields.Enum[StrEnum]):
    """One of the values of an enumeration."""

    default_error_messages = COMMON | {"unknown": Message("choice", "应为下列之一：{choices}。")}

    def __init__(self, enum: type[StrEnum], **options: Any) -> None:
        super().__init__(enum, by_value=fields.String(), **options)
        self.choices_text = "、".join(enum)

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> StrEnum:
        if not isinstance(value, str):
            raise self.make_error("unknown", choices=self.choices_text)
        return super()._deserialize(value, *place, **options)


class Word(fields.String):
    """One of a few words that are no enumeration of the rules, such as an order of sorting."""

    default_error_messages = COMMON | {"invalid": Message("type", "应为文本。")}

    def __init__(self, choices: Sequence[str], **options: Any) -> None:
        refusal = Message("choice", f"应为下列之一：{'、'.join(choices)}。")
        super().__init__(validate=OneOf(choices, error=refusal), **options)


class Instant(fields.AwareDateTime):
    """An RFC 3339 instant with its offset."""

    default_error_messages = COMMON | {
        "invalid": Message("type", "应为带时区的时间，例如 2026-11-23T09:00:00+08:00。"),
        "invalid_awareness": Message("offset", "时间须带时区，例如 +08:00。"),
        "range": Message("range", f"年份应在 {YEARS.start} 到 {YEARS[-1]} 之间。"),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> datetime:
        if not isinstance(value, str):
            raise self.make_error("invalid", input=value)
        instant: datetime = super()._deserialize(value, *place, **options)
        if instant.year not in YEARS:
            raise self.make_error("range")
        return instant


class Day(fields.Date):
    """A date, YYYY-MM-DD."""

    default_error_messages = COMMON | {
        "invalid": Message("type", "应为日期，例如 2026-11-23。"),
        "range": Message("range", f"年份应在 {YEARS.start} 到 {YEARS[-1]} 之间。"),
    }

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise self.make_error("invalid", input=value)
        day: date = super()._deserialize(value, *place, **options)
        if day.year not in YEARS:
            raise self.make_error("range")
        return day


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


class Part(fields.Nested):
    """An object inside another one, by its own schema."""

    default_error_messages = COMMON


class File(fields.Raw):
    """An uploaded file."""

    default_error_messages = COMMON | {"invalid": Message("type", "应为文件。")}

    def __init__(self, description: str, **options: Any) -> None:
        shown = {"type": "string", "format": "binary", "description": description}
        super().__init__(metadata=shown, **options)

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> FileStorage:
        if not isinstance(value, FileStorage):
            raise self.make_error("invalid", input=value)
        file: FileStorage = super()._deserialize(value, *place, **options)
        return file
