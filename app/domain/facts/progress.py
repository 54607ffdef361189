"""阶段反馈: what its action must bring."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """阶段反馈: what has been done, and the day of the next report (一跟到底)."""

    text: str
    next_report_on: date | None = None
    contacted_at: datetime | None = None
