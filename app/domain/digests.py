"""待办汇总: how often an official's phone rings in a day, and what is told together instead.

Quiet hours hold messages, and so does a day that is full; at the next opening what was held is one
digest. Source: domain, section 8.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from app.domain.actor import ENTERPRISE_ROLES
from app.domain.message_kinds import MessageKind
from app.domain.rules import Rule, Rules
from app.domain.work_calendar import LOCAL_ZONE, UnknownCalendarYear, WorkCalendar


class Hold(StrEnum):
    """攒着: `held` until an opening, to be merged there; `released`: goes alone, in that place."""

    HELD = "held"
    RELEASED = "released"


NEVER_MERGED = frozenset({MessageKind.OVERDUE, MessageKind.DIGEST})
"""Kinds that ring by themselves, however full the day is; they count all the same."""

LONGEST_PERIOD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """每日上限: so many pushes until the rest is held, so many times what is held may ring."""

    pushes: int
    digests: int

    @classmethod
    def of(cls, rules: Rules) -> "Limits":
        """As the rules of the day have it. Raises `MissingRule`."""
        return cls(rules[Rule.PUSHES_A_DAY], rules[Rule.DIGESTS_A_DAY])


@dataclass(frozen=True, slots=True)
class Day:
    """How often a person's phone has rung on a local day; `digests` of these for what was held."""

    pushes: int
    digests: int


def is_official(role: str | None) -> bool:
    """Everybody who acts for no enterprise; without a role nobody can say so."""
    return role is not None and role not in ENTERPRISE_ROLES


def may_merge(kind: str, role: str | None, *, rings_always: bool, insists: bool) -> bool:
    """Whether a message may wait and be told with others.

    What rings at any hour, what goes on by text or telephone, and red cards never do.
    """
    passes = rings_always or insists or kind in NEVER_MERGED
    return is_official(role) and not passes


def next_time(calendar: WorkCalendar, day: Day, limits: Limits, *, at: datetime) -> datetime:
    """When what is held from `at` on may ring: as the next office hours begin, with digests left.

    Where the calendar ends, an hour of the next morning that is no night.
    """
    local = at.astimezone(LOCAL_ZONE)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), time(0), LOCAL_ZONE)
    try:
        present = calendar.intervals(at, at + LONGEST_PERIOD)
        is_open = bool(present) and present[0].start <= at
        opening = calendar.opening_after(present[0].end if is_open else at)
        if opening < tomorrow and day.digests >= limits.digests:
            opening = calendar.opening_after(tomorrow)
    except UnknownCalendarYear:
        return tomorrow + timedelta(hours=9)
    return opening


def first_consented(templates: Iterable[str], consented: frozenset[str]) -> int:
    """Which of the messages, by importance, goes where no digest can: the first with a consent."""
    return next((place for place, one in enumerate(templates) if one in consented), 0)
