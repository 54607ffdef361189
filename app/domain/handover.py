"""交接: why housekeepers hand over, and when the receiver signs. Source: domain, section 3."""

from datetime import datetime
from enum import StrEnum

from app.domain.errors import Conflict, Refused
from app.domain.rules import Rule, Rules
from app.domain.work_calendar import WorkCalendar


class HandoverReason(StrEnum):
    """交接的原因."""

    LEAVE = "leave"
    TRANSFER = "transfer"
    RETIREMENT = "retirement"
    REQUEST = "request"


class HandoverState(StrEnum):
    """交接的状态."""

    OPEN = "open"
    SIGNED = "signed"
    CANCELLED = "cancelled"


class HandoverSettled(Conflict):
    """交接已经签收或取消。"""

    code = "handover-settled"


class NothingToHandOver(Refused):
    """没有可以交接的结对。"""

    code = "nothing-to-hand-over"


def due_at(calendar: WorkCalendar, rules: Rules, *, at: datetime) -> datetime:
    """The end of the working day until which the receiver signs. Raises `UnknownCalendarYear`."""
    return calendar.close_of_day(at, rules[Rule.HANDOVER_SIGNING_DAYS])


def is_overdue(state: str, due: datetime, *, at: datetime) -> bool:
    """Whether the receiver is late."""
    return state == HandoverState.OPEN and due < at
