"""Pages by key: after which entry the next page begins, as an opaque text for the client.

A cursor names its order, so that it cannot be used with another one, and carries a checksum, so
that a mistyped or shortened one is refused instead of skipping entries. It is no secret and grants
nothing: what a caller may see is decided anew for every page.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn, TypeAlias

from app.domain.errors import FieldError, InvalidInput

DEFAULT_LIMIT = 25
MAX_LIMIT = 100
LONGEST_CURSOR = 1_000
CHECKSUM_BYTES = 6

SortValue: TypeAlias = int | str | date | datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """Which page is wanted: at most `limit` entries, those after `cursor` (None: the first)."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None


def encode_cursor(order: str, values: Sequence[SortValue]) -> str:
    """The cursor behind the entry with these sort values, in the order named."""
    position = json.dumps([order, *map(_packed, values)], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_checksum(position) + position).decode().rstrip("=")


def decode_cursor(cursor: str, order: str) -> list[SortValue]:
    """The sort values that `encode_cursor` was given for the same order.

    Raises `InvalidInput` for a cursor of another order and for any text that is none of ours.
    """
    try:
        framed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        refuse_cursor()
    checksum, position = framed[:CHECKSUM_BYTES], framed[CHECKSUM_BYTES:]
    if checksum != _checksum(position):
        refuse_cursor()
    try:
        made_for, *values = json.loads(position)
        unpacked = [_unpacked(value) for value in values]
    except (ValueError, TypeError, LookupError):
        refuse_cursor()
    if made_for != order:
        refuse_cursor()
    return unpacked


def refuse_cursor() -> NoReturn:
    """Raises `InvalidInput` for /cursor."""
    detail = "翻页位置无效，请从第一页重新查询。"
    raise InvalidInput([FieldError("/cursor", "cursor", detail)])


def _packed(value: SortValue) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"on": value.isoformat()} if isinstance(value, date) else value


def _unpacked(value: Any) -> SortValue:
    if isinstance(value, dict):
        if "on" in value:
            return date.fromisoformat(value["on"])
        return datetime.fromisoformat(value["at"])
    if value is None or (isinstance(value, int | str) and not isinstance(value, bool)):
        return value
    raise TypeError(value)


def _checksum(position: bytes) -> bytes:
    return hashlib.sha256(position).digest()[:CHECKSUM_BYTES]
