"""Passwords: argon2id, and a check that takes as long for an unknown account as for a known one."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

# The OWASP minimum (19 MiB, two passes, one lane): a small machine must stand a morning of log-ins,
# and attempts are limited anyway.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _of_nobody() -> str:
    """Made once and only when needed: hashing is meant to be slow, starting a process is not."""
    return _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Whether `password` is the one behind `stored`; None (no such account) costs the same time."""
    try:
        _hasher.verify(stored or _of_nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None
