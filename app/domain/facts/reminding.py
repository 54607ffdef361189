"""到日提醒: what the action must bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DayReminding:
    """提醒 of the day of a matter, by its `seq` within the ticket."""

    seq: int
