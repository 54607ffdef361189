"""幂等键: claim a key, or find the answer that was given to it."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import orjson
import sqlalchemy as sa

from app.db import db
from app.models.operation import IdempotencyKey

Place: TypeAlias = tuple[int, str, str, str]
"""Account, method, path, key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it was given."""

    request_hash: bytes
    status: int
    headers: dict[str, str]
    body: bytes


class _InFlight:
    """The same key is at work in another transaction."""


IN_FLIGHT: Final = _InFlight()

_CLAIM = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended(:place, 0))")


def claim(place: Place) -> Stored | _InFlight | None:
    """What is known of a key: an answer, `IN_FLIGHT`, or None (ours until the transaction ends).

    The lock comes first and the look after it, so that an answer committed in between is seen.
    """
    text = orjson.dumps(place).decode()
    if not db.session.scalar(_CLAIM, {"place": text}):
        return IN_FLIGHT
    account_id, method, path, key = place
    row = db.session.execute(
        sa.select(
            IdempotencyKey.request_hash,
            IdempotencyKey.status,
            IdempotencyKey.headers,
            IdempotencyKey.body,
        ).where(
            IdempotencyKey.account_id == account_id,
            IdempotencyKey.method == method,
            IdempotencyKey.path == path,
            IdempotencyKey.key == key,
        )
    ).one_or_none()
    return Stored(*row) if row else None


def store(place: Place, answer: Stored) -> None:
    """Keep an answer in the transaction of the work that it reports."""
    account_id, method, path, key = place
    db.session.execute(
        sa.insert(IdempotencyKey).values(
            account_id=account_id,
            method=method,
            path=path,
            key=key,
            request_hash=answer.request_hash,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
        )
    )
