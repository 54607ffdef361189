"""督办阶梯: the numbers of a clock's warnings. They are data: each policy brings its own.

Source of the numbers that are shipped: domain.md 4.4 (supervision ladder). A policy never changes,
and a clock knows its policy; so what runs keeps the numbers it began with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Ladder:
    """When each rung comes; None: there is no such rung.

    Percentages are of the counted time. `remind_after_days`, instead of `remind_percent`, are days
    of the calendar since the start, pauses left out. The last three are working days after the due
    time, at closing time.
    """

    nudge_percent: int | None = None
    remind_percent: int | None = None
    remind_after_days: int | None = None
    yellow_percent: int | None = None
    order_days: int | None = None
    bulletin_days: int | None = None
    escalation_days: int | None = None

    @property
    def late_days(self) -> tuple[int | None, ...]:
        """The days of the late rungs, in the order of `late_rungs.LATE_RUNGS`."""
        return self.order_days, self.bulletin_days, self.escalation_days


NO_RUNGS = Ladder()

Ladders: TypeAlias = Mapping[int | None, Ladder]
"""The ladder of every policy there is, by its id; under None, for a clock without one, no rungs."""
