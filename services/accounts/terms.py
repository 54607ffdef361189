"""登录条件: how long sessions live, and under what terms somebody comes in."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long sessions of staff and of phones live: idle, and at most."""

    staff_idle: timedelta
    staff_absolute: timedelta
    phone_idle: timedelta
    phone_absolute: timedelta

    def of(self, kind: str) -> tuple[timedelta, timedelta]:
        if kind == "staff":
            return self.staff_idle, self.staff_absolute
        return self.phone_idle, self.phone_absolute


@dataclass(frozen=True, slots=True)
class Terms:
    """From where somebody comes in, with what kind of client, and what holds for log-ins.

    `attempts`: so often in 15 minutes, more for addresses. `most_sessions`: of an account at once.
    `failures` of a name cost nothing, the next makes it wait. `second_factor`: off, optional or
    required.
    """

    lifetimes: Lifetimes
    ip: str | None = None
    client: str | None = None
    attempts: int = 10
    failures: int = 5
    most_sessions: int = 20
    second_factor: str = "optional"

    @property
    def asks_second_factor(self) -> bool:
        """Whether whoever has a second factor is asked for it."""
        return self.second_factor != "off"
