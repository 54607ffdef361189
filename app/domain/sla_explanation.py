"""时限说明: a clock told to people as the list of intervals that were counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.limits import Limit
from app.domain.sla_clock import Clock, ClockKind, seconds_left, total_seconds
from app.domain.work_calendar import Interval, WorkCalendar, local_time


class Until(StrEnum):
    """Where the listed intervals end: 到期, 暂停 or 停止."""

    DUE = "due"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Explanation:
    """时限说明. Instants are local; minutes are whole, elapsed and remaining add up to total.

    `limit` and the totals hold what extensions have added, `extended_by` of the limit's unit.

    `intervals` run from `base_start`: up to the instant at which the limit is used up (until
    "due"), or to all that was counted before the pause or the stop. `pauses` were left out.
    """

    kind: ClockKind
    limit: Limit
    extended_by: int
    base_start: datetime
    until: Until
    intervals: tuple[Interval, ...]
    pauses: tuple[Interval, ...]
    total_minutes: int
    elapsed_minutes: int
    remaining_minutes: int
    due_at: datetime | None
    yellow_at: datetime | None
    is_provisional: bool


def explain(clock: Clock, calendar: WorkCalendar, *, at: datetime) -> Explanation:
    """Show how the clock's due time comes about, as it stands at `at`.

    `is_provisional`: the counted stretch touches a year whose official list is not out yet.
    """
    until, end = _end_of_counting(clock)
    start = clock.limit.base_start(calendar, at=clock.started_at)
    pauses = _pauses(clock, at)
    total = total_seconds(clock, calendar)
    intervals = _without(clock.limit.intervals(calendar, start, end), pauses)
    elapsed_minutes = (total - seconds_left(clock, calendar, at=at)) // 60
    return Explanation(
        kind=clock.kind,
        limit=clock.limit,
        extended_by=clock.extended_by,
        base_start=start,
        until=until,
        intervals=tuple(_first(total, intervals) if until is Until.DUE else intervals),
        pauses=pauses,
        total_minutes=total // 60,
        elapsed_minutes=elapsed_minutes,
        remaining_minutes=total // 60 - elapsed_minutes,
        due_at=clock.due_at and local_time(clock.due_at),
        yellow_at=clock.yellow_at and local_time(clock.yellow_at),
        is_provisional=clock.limit.is_in_office_hours
        and calendar.is_provisional_between(start, end),
    )


def _end_of_counting(clock: Clock) -> tuple[Until, datetime]:
    if clock.stopped_at is not None:
        return Until.STOPPED, clock.stopped_at
    if clock.paused_at is not None:
        return Until.PAUSED, clock.paused_at
    if clock.due_at is None:
        raise ValueError("a clock that runs without a due time")
    return Until.DUE, clock.due_at


def _pauses(clock: Clock, at: datetime) -> tuple[Interval, ...]:
    """Every pause so far; one that is still open reaches to `at`, or to the stop."""
    pairs = clock.pauses
    if clock.paused_at is not None:
        pairs = (*pairs, (clock.paused_at, clock.stopped_at or at))
    return tuple(Interval(local_time(start), local_time(end)) for start, end in pairs)


def _without(intervals: Sequence[Interval], pauses: Sequence[Interval]) -> list[Interval]:
    """The intervals less the pauses."""
    left = list(intervals)
    for gap in pauses:
        left = [piece for whole in left for piece in _cut(whole, gap)]
    return left


def _cut(whole: Interval, gap: Interval) -> Iterator[Interval]:
    if gap.end <= whole.start or whole.end <= gap.start:
        yield whole
        return
    if whole.start < gap.start:
        yield Interval(whole.start, gap.start)
    if gap.end < whole.end:
        yield Interval(gap.end, whole.end)


def _first(seconds: int, intervals: Sequence[Interval]) -> Iterator[Interval]:
    """As many intervals as hold so many seconds, the last one cut."""
    for interval in intervals:
        if seconds <= 0:
            return
        yield Interval(
            interval.start, min(interval.end, interval.start + timedelta(seconds=seconds))
        )
        seconds -= interval.seconds
