"""What goes back over HTTP: answers of the platform, its errors, and those of the admin routes."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
JSON_TYPE = "application/json; encoding=utf-8"
TEXT_TYPE = "text/plain"
HTML_TYPE = "text/html; charset=utf-8"
NOT_FOUND_PAGE = "<html><head><title>404 Not Found</title></head><body>404 Not Found</body></html>"


class Refusal(Exception):
    """A call that the platform refuses with an errcode."""

    def __init__(self, errcode: int, text: str) -> None:
        super().__init__(errcode, text)
        self.errcode = errcode
        self.text = text


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer, before a fault bends it."""

    body: bytes
    status: int = 200
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    errcode: int | None = None


def encoded(content: object) -> bytes:
    """JSON as the platform writes it: UTF-8, nothing escaped."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def json_answer(content: object, *, status: int = 200, content_type: str = JSON_TYPE) -> Answer:
    """An answer with a JSON body."""
    errcode = content.get("errcode", 0) if isinstance(content, dict) else None
    return Answer(encoded(content), status, content_type, errcode=errcode)


def refusal_answer(refusal: Refusal, at: float, content_type: str = JSON_TYPE) -> Answer:
    """HTTP 200 with errcode and errmsg, the request's id behind the text."""
    text = f"{refusal.text} rid: {int(at):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return json_answer({"errcode": refusal.errcode, "errmsg": text}, content_type=content_type)


def page(html: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with an HTML page."""
    return Answer(html.encode(), status, HTML_TYPE, headers or {})
