"""挂起: what its actions must bring."""

from dataclasses import dataclass
from datetime import date

from app.domain.vocabulary import SuspensionGround


@dataclass(frozen=True, slots=True)
class SuspensionRequest:
    """挂起申请: the ground with its proof, how many working days, and when it is looked at next."""

    ground: SuspensionGround
    reason: str
    days: int
    next_check_on: date
    attachment_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resumption:
    """恢复办理."""

    note: str
