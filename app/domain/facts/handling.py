"""第三步 办理: what its actions must bring."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.vocabulary import (
    ResultCode,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """答复: by the lead unit (to be approved) or by the housekeeper directly."""

    result_code: ResultCode
    answer: str
    is_contacted: bool
    contacted_at: datetime | None = None
    is_claim_true: bool | None = None
    unsolved_reason: str | None = None
    handling_note: str | None = None
    attachment_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SignFor:
    """签收."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """协办意见. `countersigns`: it is the signature under the draft that stands, too."""

    opinion: str
    attachment_ids: tuple[int, ...] = ()
    countersigns: bool = False


@dataclass(frozen=True, slots=True)
class Approval:
    """审批答复: release it, or send it back with a note."""

    approved: bool
    note: str | None = None
