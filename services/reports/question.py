"""统计报表的提问: what is asked of the closure report."""

from dataclasses import dataclass
from datetime import date

from app.domain.indicators import GroupBy
from app.domain.periods import Period


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. A cohort follows what was accepted in the period; `until`: told as of then."""

    period: Period
    group_by: GroupBy = GroupBy.AREA
    is_cohort: bool = False
    until: date | None = None
