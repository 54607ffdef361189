"""差评整改: what its actions must bring."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.rating import Verdict


@dataclass(frozen=True, slots=True)
class ReviewContact:
    """差评联系: an attempt to reach who rated. `contacted_at` defaults to when it is recorded."""

    is_reached: bool
    note: str
    contacted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReviewVerdict:
    """差评核查: what was found. The explanation is for the enterprise."""

    verdict: Verdict
    explanation: str


@dataclass(frozen=True, slots=True)
class SetAsideRuling:
    """不予采信的裁定, by a second office. The note is for the enterprise."""

    approved: bool
    note: str
