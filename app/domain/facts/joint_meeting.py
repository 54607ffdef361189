"""联席会议: what its actions must bring."""

from dataclasses import dataclass
from datetime import date

from app.domain.facts.returning import Conclusion


@dataclass(frozen=True, slots=True)
class JointMeeting:
    """召集联席会议: whom, about what, and on which day."""

    organisation_ids: tuple[int, ...]
    agenda: str
    held_on: date


@dataclass(frozen=True, slots=True)
class MeetingAction:
    """会议议定的一项任务: whose it is, and until when."""

    organisation_id: int
    task: str
    due_on: date


@dataclass(frozen=True, slots=True)
class MeetingConclusion:
    """联席会议结论, which binds: who leads, who helps, and what each has to do until when."""

    minutes: str
    lead_organisation_id: int
    actions: tuple[MeetingAction, ...]
    co_organisation_ids: tuple[int, ...] = ()

    @property
    def units(self) -> Conclusion:
        """What it says about who handles the ticket."""
        return Conclusion(self.minutes, self.lead_organisation_id, self.co_organisation_ids)
