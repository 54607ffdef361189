"""限流 within one process: how many requests somebody may send in a window of time.

Windows are fixed and the same for everybody, so that one table of counts per window is enough and
what is past costs nothing to forget.
"""

from collections.abc import Hashable
from datetime import datetime
from threading import Lock
from typing import NamedTuple

AT_MOST = 20_000
"""Callers counted at once; beyond them the table starts anew, in favour of the callers."""


class Allowance(NamedTuple):
    """What is left of a limit after a request: `reset` in seconds, at least 1."""

    remaining: int
    reset: int
    is_exceeded: bool


class Throttle:
    """At most `requests` in each window of `seconds` by the same caller; 0 is without limit.

    `name` is that of the policy (draft-ietf-httpapi-ratelimit-headers-10, 3). Safe among threads.
    """

    def __init__(self, name: str, requests: int, seconds: int = 60) -> None:
        self.name = name
        self.policy = f'"{name}";q={requests};w={seconds}'
        self._requests, self._seconds = requests, seconds
        self._window = 0
        self._taken: dict[Hashable, int] = {}
        self._lock = Lock()

    @property
    def is_on(self) -> bool:
        """Whether there is a limit at all."""
        return self._requests > 0

    def take(self, caller: Hashable, *, at: datetime) -> Allowance:
        """Count one request of `caller`, whether it is still within the limit or not."""
        window, passed = divmod(int(at.timestamp()), self._seconds)
        with self._lock:
            if window != self._window or len(self._taken) >= AT_MOST:
                self._window, self._taken = window, {}
            taken = self._taken[caller] = self._taken.get(caller, 0) + 1
        left = self._requests - taken
        return Allowance(max(left, 0), self._seconds - passed, left < 0)
