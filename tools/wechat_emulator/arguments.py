"""What an admin sends: read by name and type, refused with a sentence."""

import json
from typing import Any

from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.calls import Request


class BadArgument(ValueError):
    """The admin asked for something that makes no sense."""


class Arguments:
    """The query and the JSON body of an admin call; the body wins."""

    def __init__(self, request: Request) -> None:
        self.values: Json = {**request.query, **read_object(request.body)}

    def has(self, name: str) -> bool:
        """Whether it was given."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """A text; compulsory without a default."""
        value = self.values.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (not value and default is None):
            raise BadArgument(f"{name} 应为文字")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """A number, also as digits in the query."""
        value: Any = self.values.get(name, default)
        try:
            if isinstance(value, bool) or value is None:
                raise BadArgument(f"{name} 应为数字")
            return float(value)
        except (TypeError, ValueError):
            raise BadArgument(f"{name} 应为数字") from None

    def whole(self, name: str, default: int | None = None) -> int:
        """A number without a fraction, not below zero."""
        value = self.number(name, default)
        if not value.is_integer() or value < 0:
            raise BadArgument(f"{name} 应为非负整数")
        return int(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """true or false."""
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            raise BadArgument(f"{name} 应为 true 或 false")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts, at least one."""
        value = self.values.get(name)
        if not isinstance(value, list) or not value or not all(isinstance(i, str) for i in value):
            raise BadArgument(f"{name} 应为文字的列表")
        return value


def read_object(body: bytes) -> Json:
    """The JSON object of a body; {} for an empty one."""
    if not body:
        return {}
    try:
        content = json.loads(body)
    except ValueError:
        raise BadArgument("请求体不是 JSON") from None
    if not isinstance(content, dict):
        raise BadArgument("请求体应为 JSON 对象")
    return content
