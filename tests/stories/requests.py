"""What clients and the server say to each other; the law of a key: done once, answered alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeAlias

import orjson
from flask import Flask

from tests.callers import API

Intent: TypeAlias = tuple[str, str, str]
"""Who wants it, where, and the key that the client has given to it."""

KEPT_HEADERS = ("ETag", "Location", "Content-Type", "Cache-Control")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as its client wrote it; every copy says the same. `file`: name and content."""

    sender: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: Any = None
    file: tuple[str, bytes] | None = None

    @property
    def intent(self) -> Intent | None:
        """What is wanted once, however often it is asked for; reading is no such thing."""
        key = self.headers.get("Idempotency-Key")
        return (self.sender, self.path, key) if key else None

    def __str__(self) -> str:
        return f"{self.method} {self.path} of {self.sender}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says. A replay equals the first answer."""

    status: int
    body: bytes
    headers: tuple[str | None, ...]
    is_replay: bool = field(compare=False)

    def __str__(self) -> str:
        return f"{self.status} {self.body.decode()[:300]}"

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def is_done(self) -> bool:
        return self.status < 300

    @property
    def is_in_flight(self) -> bool:
        return self.status == 409 and self.json["title"] == "idempotency-in-flight"


def deliver(app: Flask, request: Request) -> Answer:
    """One copy of the request at the server's door. A form's boundary is new with each copy."""
    if request.file:
        name, content = request.file
        sent: dict[str, Any] = {"data": {"file": (BytesIO(content), name)}}
    else:
        sent = {"json": request.body} if request.method == "POST" else {}
    headers = dict(request.headers)
    got = app.test_client().open(API + request.path, method=request.method, headers=headers, **sent)
    kept = tuple(got.headers.get(name) for name in KEPT_HEADERS)
    return Answer(got.status_code, got.data, kept, "Idempotent-Replayed" in got.headers)


@dataclass
class Witness:
    """Stands at the server's door and sees every answer, also those that reach nobody."""

    done: dict[Intent, Answer] = field(default_factory=dict)
    performed: list[Intent] = field(default_factory=list)
    copies: int = 0
    stale: int = 0
    replays: int = 0
    in_flight: int = 0

    def check(self, request: Request, answer: Answer, *, was_done: bool, is_alone: bool) -> None:
        """A request that was done is done no more, and whoever asks gets the first answer again."""
        told = f"{request}: {answer}"
        assert answer.is_done or answer.is_in_flight or answer.status == 412, told
        self.copies += 1
        self.stale += answer.status == 412
        self.replays += answer.is_replay
        self.in_flight += answer.is_in_flight
        assert not (is_alone and answer.is_in_flight), told
        if was_done and not answer.is_in_flight:
            assert answer.is_replay, f"done already, and not answered by a replay: {told}"
        if request.intent and answer.is_done:
            self._see_done(request.intent, answer, told)

    def _see_done(self, intent: Intent, answer: Answer, told: str) -> None:
        first = self.done.setdefault(intent, answer)
        assert answer == first, f"not what was answered first: {told}, first {first}"
        if not answer.is_replay:
            assert intent not in self.performed, f"done twice: {told}"
            self.performed.append(intent)
