"""People who are logged in: sessions put down as log-in writes them, with tokens that we know."""

from collections.abc import Iterable
from typing import Any

import psycopg

from services.accounts.sessions import digest

_LOG_IN = """
INSERT INTO login_sessions (account_id, kind, token_hash, refresh_hash, created_at, last_seen_at,
    token_expires_at, expires_at)
VALUES (%s, %s, %s, %s, now(), now(), now() + interval '12 hours', now() + interval '12 hours')
ON CONFLICT (token_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at,
    token_expires_at = excluded.token_expires_at, expires_at = excluded.expires_at
"""


def log_in(connection: psycopg.Connection[Any], kind: str, accounts: Iterable[int]) -> None:
    """Open a session of each account for half a day: `staff` or `phone`."""
    rows = [(account, kind, digest(token(account)), digest(f"{account}")) for account in accounts]
    with connection.cursor() as cursor:
        cursor.executemany(_LOG_IN, rows)


def token(account: int) -> str:
    """The token of an account, as long as a real one."""
    return f"bench-{account:037d}"


def bearer(account: int) -> dict[str, str]:
    """The header by which an account is known."""
    return {"Authorization": f"Bearer {token(account)}"}
