"""What the emulator has seen: calls with their secrets masked, and pushes."""

import hashlib
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from tools.wechat_emulator.answers import Answer, Json
from tools.wechat_emulator.calls import Request

KEPT = 5_000
LONGEST_BODY = 20_000
SECRET_NAMES = ("access_token", "secret", "corpsecret", "js_code", "code", "session_key")
SECRET_HEADERS = {"x-emu-key", "authorization", "cookie"}
IN_BODY = re.compile(rf'("(?:{"|".join(SECRET_NAMES)})"\s*:\s*")([^"]*)(")')


@dataclass
class Journal:
    """The last of everything, oldest first; `counts` knows every call since the reset."""

    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))
    pushes: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))
    counts: Counter[str] = field(default_factory=Counter)
    last_number: int = 0

    def begin(self, request: Request, at: float) -> Json:
        """Record a call as it comes in."""
        self.counts[request.path] += 1
        entry = {
            "id": self._number(),
            "at": at,
            "method": request.method,
            "path": request.path,
            "query": {name: masked(name, text) for name, text in request.query.items()},
            "headers": {name: masked_header(name, it) for name, it in request.headers.items()},
            "body": masked_body(request.body),
            "status": None,
            "errcode": None,
            "fault": None,
        }
        self.calls.append(entry)
        return entry

    def push(self, **attempt: Any) -> None:
        """Record one try to push an event."""
        self.pushes.append({"id": self._number(), **attempt})

    def _number(self) -> int:
        self.last_number += 1
        return self.last_number


def finish(entry: Json, answer: Answer | None, fault: str | None) -> None:
    """Complete a recorded call with what went back; no answer at all leaves None."""
    entry["fault"] = fault
    if answer is not None:
        entry["status"], entry["errcode"] = answer.status, answer.errcode


def mask(text: str) -> str:
    """Something that tells two secrets apart and gives neither away."""
    return f"***{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def masked(name: str, text: str) -> str:
    """A value, masked when its name says that it is a secret."""
    return mask(text) if name in SECRET_NAMES else text


def masked_header(name: str, text: str) -> str:
    """The same for a header."""
    return mask(text) if name.lower() in SECRET_HEADERS else text


def masked_body(body: bytes) -> str:
    """The raw body as text, secrets masked."""
    text = body[:LONGEST_BODY].decode("utf-8", "backslashreplace")
    return IN_BODY.sub(lambda found: f"{found[1]}{mask(found[2])}{found[3]}", text)
