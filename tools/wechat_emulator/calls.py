"""A call of the mini-program's server: the raw request, and how the platform reads it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tools.wechat_emulator.answers import Json, Refusal

ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")


@dataclass(frozen=True)
class Request:
    """One HTTP request, read to its end."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    ip: str

    @cached_property
    def loose_content(self) -> Json:
        """The body as a JSON object for matching and recording; {} when it is none."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    def said(self, name: str) -> str:
        """A text given in the query or the JSON body; "" when there is none."""
        text = self.query.get(name) or self.loose_content.get(name)
        return text if isinstance(text, str) else ""


@dataclass(frozen=True)
class Call:
    """A request at a moment of the platform's clock, with what bends the acting on it.

    `is_crossed`: another send to the same person was under way when this one came.
    `twist`: the kind of a fault that changes what is done, "" for none.
    """

    request: Request
    at: float
    is_crossed: bool = False
    twist: str = ""

    @cached_property
    def content(self) -> Json:
        """The body as JSON whatever its Content-Type; raises Refusal."""
        body = self.request.body
        if not body:
            raise Refusal(44002, "empty post data")
        if ESCAPE.search(body):
            raise Refusal(40033, "invalid charset. please check your request, if include \\uxxxx")
        try:
            content = json.loads(body.decode())
        except ValueError:
            raise Refusal(47001, "data format error") from None
        if not isinstance(content, dict):
            raise Refusal(47001, "data format error")
        return content

    def text(self, name: str, default: str = "") -> str:
        """A text of the JSON body; refuses any other type."""
        value: Any = self.content.get(name, default)
        if not isinstance(value, str):
            raise Refusal(47001, "data format error")
        return value
