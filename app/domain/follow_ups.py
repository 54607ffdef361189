"""跟踪回访: which visits are planned after the tickets, and when. Source: domain, section 6."""

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum

from app.domain.errors import Conflict
from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar


class FollowUpKind(StrEnum):
    """跟踪回访的种类."""

    AFTER_HARD = "after_hard"
    AFTER_BAD_REVIEW = "after_bad_review"
    YEARLY = "yearly"


class FollowUpState(StrEnum):
    """跟踪回访的状态: planned until somebody called, or need not call."""

    PLANNED = "planned"
    DONE = "done"
    SKIPPED = "skipped"
    UNREACHED = "unreached"


class FollowUpOutcome(StrEnum):
    """跟踪回访的结果: all is well, or there is a problem, which can become a ticket."""

    WELL = "well"
    PROBLEM = "problem"


KIND_LABELS: Mapping[FollowUpKind, str] = {
    FollowUpKind.AFTER_HARD: "疑难诉求归档后回访",
    FollowUpKind.AFTER_BAD_REVIEW: "差评属实归档后回访",
    FollowUpKind.YEARLY: "年度联系",
}
STATE_LABELS: Mapping[FollowUpState, str] = {
    FollowUpState.PLANNED: "待回访",
    FollowUpState.DONE: "已回访",
    FollowUpState.SKIPPED: "已略过",
    FollowUpState.UNREACHED: "未联系上",
}

UNWANTED = "企业表示仅在提出时走访"
"""Why a yearly contact is skipped that the enterprise does not want."""


class FollowUpSettled(Conflict):
    """这次跟踪回访已经登记或略过。"""

    code = "follow-up-settled"


def planned_for(calendar: WorkCalendar, day: date) -> date:
    """The day itself where it is worked, else the next that is. Raises `UnknownCalendarYear`."""
    return calendar.opening_after(datetime.combine(day, time(), LOCAL_ZONE)).date()
