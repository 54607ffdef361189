"""第四至六步 反馈、回访、评价: what their actions must bring."""

from dataclasses import dataclass

from app.domain.revisit_lots import Lot
from app.domain.vocabulary import (
    RevisitOutcome,
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """反馈送达: the enterprise opened it, or staff record the call.

    `is_key_project` is told by the register; `lot` is drawn where nothing else asks for a revisit.
    """

    note: str | None = None
    is_key_project: bool = False
    lot: Lot | None = None


@dataclass(frozen=True, slots=True)
class RevisitCall:
    """一次回访. The answers count only when somebody was reached."""

    is_reached: bool
    outcome: RevisitOutcome | None = None
    was_contacted: bool | None = None
    is_reply_true: bool | None = None
    is_clear: bool | None = None
    satisfaction: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """评价: level 5 (非常满意) … 1 (非常不满意)."""

    level: int
    reasons: tuple[str, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Archiving:
    """归档 by the job."""
