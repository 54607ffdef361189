"""幂等键: claim a key, or find the answer that was given to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import orjson
import sqlalchemy as sa

from app.domain.errors import Conflict
from app.prepared import Prepared
from app.sealing import seal, unseal

Place: TypeAlias = tuple[int, str, str, str]
"""Account, method, path, key."""

BODY_COLUMN = "idempotency_keys.body"


class InFlight(Conflict):
    """相同 Idempotency-Key 的请求正在处理，请稍后再试。"""

    code = "idempotency-in-flight"


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it was given."""

    request_hash: bytes
    status: int
    headers: Mapping[str, str]
    body: bytes


_CLAIM = Prepared(
    sa.text(
        "SELECT pg_try_advisory_xact_lock(hashtextextended(:place, 0)) AS is_ours,"
        " k.request_hash, k.status, k.headers, k.body"
        " FROM (VALUES (1)) one LEFT JOIN idempotency_keys k ON k.account_id = :account_id"
        " AND k.method = :method AND k.path = :path AND k.key = :key"
    )
)
_STORE = Prepared(
    sa.text(
        "INSERT INTO idempotency_keys"
        " (account_id, method, path, key, request_hash, status, headers, body)"
        " VALUES (:account_id, :method, :path, :key, :request_hash, :status,"
        " CAST(:headers AS json), :body) ON CONFLICT DO NOTHING RETURNING true AS is_kept"
    )
)


def claim(place: Place) -> Stored | None:
    """The answer that was given under a key; None: the key is ours until the transaction ends.

    Raises `InFlight` while another transaction works under it.
    """
    [row] = _CLAIM.execute(_values(place) | {"place": orjson.dumps(place).decode()})
    if not row.is_ours:
        raise InFlight
    if row.status is None:
        return None
    return Stored(row.request_hash, row.status, row.headers, _opened(row.body))


def store(place: Place, answer: Stored) -> None:
    """Keep an answer in the transaction of the work that it reports.

    Raises `InFlight`, which undoes that work, when the other one ended between our look and our
    lock: its answer is there for whoever asks again.
    """
    kept = {
        "request_hash": answer.request_hash,
        "status": answer.status,
        "headers": orjson.dumps(answer.headers).decode(),
        "body": seal(answer.body.decode(), BODY_COLUMN),
    }
    if not _STORE.execute(_values(place) | kept):
        raise InFlight


def _opened(body: bytes) -> bytes:
    """An answer as it was given. One that was kept before answers were sealed is JSON, or empty."""
    return body if body[:1] in {b"", b"{"} else unseal(body, BODY_COLUMN).encode()


def _values(place: Place) -> dict[str, object]:
    return dict(zip(("account_id", "method", "path", "key"), place, strict=True))
