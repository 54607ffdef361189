"""What this process remembers of tokens, so that most requests ask no database who is asking.

An entry lives for `REMEMBERED`: what ends a session in one worker therefore holds in every other
within that time. Sessions go by real time, and so does the memory.
"""

from datetime import datetime, timedelta

from app import clock
from services.accounts.principals import Principal

REMEMBERED = timedelta(seconds=3)
AT_MOST = 20_000


class PrincipalMemory:
    """Principals by the digest of their token."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[datetime, Principal]] = {}

    def recall(self, digest: bytes) -> Principal | None:
        """The principal, if it was kept a moment ago (and not, by a clock set back, later)."""
        kept = self._known.get(digest)
        if kept is None or not timedelta(0) <= clock.real() - kept[0] < REMEMBERED:
            return None
        return kept[1]

    def keep(self, digest: bytes, principal: Principal) -> None:
        if len(self._known) >= AT_MOST:
            self._known.clear()
        self._known[digest] = (clock.real(), principal)

    def forget(self, digest: bytes) -> None:
        self._known.pop(digest, None)
