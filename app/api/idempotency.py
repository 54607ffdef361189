"""Idempotency-Key: the first answer to a request is kept and given again for 24 hours.

Looked up before If-Match. Two at once: an advisory lock held until the transaction ends tells the
second that the first is still in flight; a crash leaves nothing behind.
"""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from flask import Response, request

from app.api import gate, programs
from app.api.marks import View, mark
from app.domain.errors import FieldError, InvalidInput
from services import idempotency
from services.idempotency import Stored

KEY = re.compile(r"[\x21-\x7e]{1,200}")
KEPT_HEADERS = ("ETag", "Location", "Content-Type", "Cache-Control")


def idempotent(*, required: bool = False) -> Callable[[View], View]:
    """Replay the first answer to the same key; outermost but for the gate."""

    def decorate(view: View) -> View:
        @wraps(view)
        def once(*args: Any, **values: Any) -> Any:
            key = _key(required=required)
            if key is None:
                return view(*args, **values)
            return _once(key, lambda: view(*args, **values))

        mark(once, takes_key=True, needs_key=required)
        return once  # type: ignore[return-value]  # the wrapper keeps the view's signature

    return decorate


def _once(key: str, perform: Callable[[], Response]) -> Response:
    actor = gate.actor()
    place = (actor.account_id or 0, request.method, request.path, key)
    asked = f"{actor.membership_id}:{request.headers.get(programs.HEADER, '')}"
    digest = hashlib.sha256(asked.encode() + _content_digest()).digest()
    found = idempotency.claim(place)
    if found is not None:
        return _replayed(found, digest)
    response = perform()
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    idempotency.store(place, Stored(digest, response.status_code, kept, response.get_data()))
    return response


def _content_digest() -> bytes:
    """Of what is sent. A form's boundary is new with each try, so its parts are taken instead."""
    if request.mimetype != "multipart/form-data":
        return hashlib.sha256(request.get_data()).digest()
    parts = [["field", *part] for part in request.form.items(multi=True)]
    for name, file in request.files.items(multi=True):
        content = hashlib.sha256(file.stream.read()).hexdigest()
        file.stream.seek(0)
        parts.append(["file", name, file.filename or "", content])
    return hashlib.sha256(orjson.dumps(sorted(parts))).digest()


def _replayed(found: Stored, digest: bytes) -> Response:
    if found.request_hash != digest:
        detail = "同一 Idempotency-Key 已用于不同内容的请求。"
        raise InvalidInput([FieldError("", "idempotency-key-reused", detail)], detail)
    replay = Response(found.body, found.status, headers=dict(found.headers))
    replay.headers["Idempotent-Replayed"] = "true"
    return replay


def _key(*, required: bool) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None and required:
        detail = "请在请求头 Idempotency-Key 中带上本次提交的唯一编号。"
        raise InvalidInput([FieldError("", "idempotency-key-required", detail)], detail)
    if key is not None and not KEY.fullmatch(key):
        detail = "Idempotency-Key 应为 1 到 200 个可见 ASCII 字符。"
        raise InvalidInput([FieldError("", "idempotency-key", detail)], detail)
    return key
