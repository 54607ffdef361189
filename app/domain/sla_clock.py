"""What a 时限 is: its kinds, its warnings, its row, and the seconds it has. Its moves: `sla.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.ladder import NO_RUNGS, Ladder
from app.domain.limits import Limit, Unit
from app.domain.work_calendar import WorkCalendar


class ClockKind(StrEnum):
    """What a limit is set for; their names: `labels.CLOCK`.

    That of an urge is an interval between two; no clock is started by it.
    """

    FIRST_CONTACT = "first_contact"
    ACCEPT = "accept"
    SUPPLEMENT = "supplement"
    FINISH = "finish"
    ASSIGNMENT = "assignment"
    OPINION = "opinion"
    REVISIT = "revisit"
    EVALUATION = "evaluation"
    OBJECTION = "objection"
    STAGE_REPORT = "stage_report"
    RULING = "ruling"
    DEFERRAL = "deferral"
    SUSPENSION = "suspension"
    RECTIFICATION = "rectification"
    REVIEW_CONTACT = "review_contact"
    URGE = "urge"
    TRANSFER = "transfer"


class Rung(StrEnum):
    """提醒, 黄牌 (near due) and 红牌 (overdue): the warnings in their order.

    A nudge comes before, and 督办, 通报, 提级 after them, on the clocks that climb.
    """

    NUDGE = "nudge"
    REMINDER = "reminder"
    YELLOW = "yellow"
    RED = "red"
    ORDER = "order"
    BULLETIN = "bulletin"
    ESCALATION = "escalation"


class Light(StrEnum):
    """亮灯: how a clock that still runs stands."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"


_BOTH = frozenset({Rung.YELLOW, Rung.RED})

CARDS: Mapping[ClockKind, frozenset[Rung]] = {
    ClockKind.FIRST_CONTACT: frozenset({Rung.RED}),
    ClockKind.ACCEPT: _BOTH,
    ClockKind.SUPPLEMENT: frozenset(),
    ClockKind.FINISH: _BOTH,
    ClockKind.ASSIGNMENT: _BOTH,
    ClockKind.OPINION: _BOTH,
    ClockKind.REVISIT: _BOTH,
    ClockKind.EVALUATION: frozenset(),
    ClockKind.OBJECTION: frozenset(),
    ClockKind.STAGE_REPORT: _BOTH,
    ClockKind.RULING: _BOTH,
    ClockKind.DEFERRAL: frozenset(),
    ClockKind.SUSPENSION: _BOTH,
    ClockKind.RECTIFICATION: _BOTH,
    ClockKind.REVIEW_CONTACT: _BOTH,
    ClockKind.URGE: frozenset(),
    ClockKind.TRANSFER: _BOTH,
}
"""The cards of each kind; what the enterprise is given time for has none."""

INTERNAL = frozenset({ClockKind.ASSIGNMENT, ClockKind.OPINION, ClockKind.REVISIT, ClockKind.RULING})
"""Clocks of the offices among themselves; the enterprise is told of its own."""

SCORED = frozenset({ClockKind.FINISH, ClockKind.ASSIGNMENT, ClockKind.OPINION})
"""The clocks by which it is judged who was in time; of what is tracked open they warn nobody."""

REMINDING = frozenset(ClockKind) - {ClockKind.FIRST_CONTACT, ClockKind.OBJECTION, ClockKind.URGE}
"""The clocks of which a reminder may be given; when, if at all, their policy says.

The first contact is a matter of hours: a reminder would only stand in its way. Nobody is asked
to object, or to urge again.
"""

CLIMBING = frozenset({ClockKind.FINISH, ClockKind.ASSIGNMENT})
"""The clocks that may stand on the whole ladder; the others have their three rungs at most."""


@dataclass(frozen=True, slots=True)
class ClockTerms:
    """What a clock is started with: for whom, in which round, how long, by which policy.

    `ladder` is that of the policy: it says of which rungs the clock will warn, and when.
    """

    kind: ClockKind
    round: int
    limit: Limit
    organisation_id: int | None = None
    policy_id: int | None = None
    extended_by: int = 0
    ladder: Ladder = NO_RUNGS


@dataclass(frozen=True, slots=True)
class Clock:
    """时限 (one row of `sla_clocks`).

    Running: `due_at` (and `remind_at`, `yellow_at` where its kind has these rungs). Paused:
    `paused_at` and `remaining_seconds`, negative when already late. Stopped: `stopped_at`, the rest
    as it was, so that lateness can still be told. `pauses` are the pauses that are over, in order.
    `extended_by`: what extensions have added, in the limit's unit; `limit` is the whole.

    `calendar_version` and `hours_area` name the calendar on which it counts until it is retargeted.

    Of a clock that climbs: `late_ats` are the times of its late rungs by their place, None where
    its ladder leaves one out; `late_rung` is the last that it was given, `climb_at` the time of the
    next. Its ladder is that of `policy_id`.
    """

    kind: ClockKind
    round: int
    organisation_id: int | None
    limit_amount: int
    limit_unit: Unit
    started_at: datetime
    policy_id: int | None
    calendar_version: int
    due_at: datetime | None
    remind_at: datetime | None = None
    yellow_at: datetime | None = None
    remaining_seconds: int | None = None
    paused_at: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    stopped_at: datetime | None = None
    reminded_at: datetime | None = None
    warned_at: datetime | None = None
    overdue_at: datetime | None = None
    extended_by: int = 0
    hours_area: str = ""
    nudge_at: datetime | None = None
    nudged_at: datetime | None = None
    late_ats: tuple[datetime | None, ...] = ()
    late_rung: Rung | None = None
    climb_at: datetime | None = None

    @property
    def limit(self) -> Limit:
        return Limit(self.limit_amount + self.extended_by, self.limit_unit)

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and self.paused_at is None

    @property
    def is_paused(self) -> bool:
        return self.stopped_at is None and self.paused_at is not None

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None


def seconds_left(clock: Clock, calendar: WorkCalendar, *, at: datetime) -> int:
    """Seconds of the limit left at `at`, negative when late; frozen in a pause and when stopped."""
    if clock.due_at is not None:
        return clock.limit.seconds_between(calendar, clock.stopped_at or at, clock.due_at)
    return clock.remaining_seconds or 0


def total_seconds(clock: Clock, calendar: WorkCalendar) -> int:
    """Seconds of the whole limit, counted from its start to its first due time."""
    due = clock.limit.due_after(calendar, at=clock.started_at)
    return clock.limit.seconds_between(calendar, clock.started_at, due)
