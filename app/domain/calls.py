"""电话任务: how people call whom no message reaches. Source: domain, sections 6 and 8.

Not reached is who was called on three half-days in vain; what is urgent is tried again at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.domain.quiet_hours import next_opening
from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar

NOON = time(12)
HALF_DAYS = 3
"""On so many half-days somebody is called before the task ends as not reached."""

SOON = timedelta(minutes=15)
"""When what is urgent is tried again."""

HOLD = timedelta(minutes=30)
"""So long a task is kept for who took it; then others may."""


class CallOutcome(StrEnum):
    """通话结果."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"


class CallState(StrEnum):
    """电话任务状态."""

    OPEN = "open"
    REACHED = "reached"
    UNREACHED = "unreached"
    WRONG_NUMBER = "wrong_number"
    DROPPED = "dropped"


STATE_LABELS: Mapping[CallState, str] = {
    CallState.OPEN: "待拨打",
    CallState.REACHED: "已告知",
    CallState.UNREACHED: "多次未接通",
    CallState.WRONG_NUMBER: "号码有误",
    CallState.DROPPED: "不再需要",
}


@dataclass(frozen=True, slots=True)
class AfterCall:
    """What becomes of a task; while open, called again from `call_from` on."""

    state: CallState
    call_from: datetime | None = None


def after_call(
    outcome: CallOutcome,
    before: Iterable[datetime],
    calendar: WorkCalendar,
    *,
    is_urgent: bool,
    at: datetime,
) -> AfterCall:
    """What follows from a call at `at`; `before`: when it was tried in vain before."""
    if outcome is CallOutcome.REACHED:
        return AfterCall(CallState.REACHED)
    if outcome is CallOutcome.WRONG_NUMBER:
        return AfterCall(CallState.WRONG_NUMBER)
    tried = [*before, at]
    count = len(tried) if is_urgent else len(set(map(half_day, tried)))
    if count >= HALF_DAYS:
        return AfterCall(CallState.UNREACHED)
    again = at + SOON if is_urgent else next_opening(calendar, at=_next_half(at))
    return AfterCall(CallState.OPEN, again)


def half_day(instant: datetime) -> tuple[date, bool]:
    """Which half of which local day."""
    local = instant.astimezone(LOCAL_ZONE)
    return local.date(), local.time() >= NOON


def _next_half(instant: datetime) -> datetime:
    day, is_afternoon = half_day(instant)
    if is_afternoon:
        return datetime.combine(day + timedelta(days=1), time(), LOCAL_ZONE)
    return datetime.combine(day, NOON, LOCAL_ZONE)
