"""The records of a ticket. They map one to one onto tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from app.domain.sla_clock import Clock
from app.domain.vocabulary import (
    AssignmentState,
    MatterKind,
    MatterOutcome,
    ResultCode,
    RevisitOutcome,
    UnitRole,
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """子工单 of one unit in one round."""

    round: int
    organisation_id: int
    role: UnitRole
    state: AssignmentState
    instruction: str | None
    dispatched_at: datetime
    signed_at: datetime | None = None
    signed_by: int | None = None
    opinion: str | None = None
    done_at: datetime | None = None
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """答复 of one round."""

    round: int
    organisation_id: int | None
    result_code: ResultCode
    answer: str
    handling_note: str | None
    is_contacted: bool
    contacted_at: datetime | None
    is_claim_true: bool | None
    unsolved_reason: str | None
    drafted_by: int
    drafted_at: datetime
    released_by: int | None = None
    released_at: datetime | None = None
    rejection: str | None = None


@dataclass(frozen=True, slots=True)
class SupplementRequest:
    """补正."""

    attempt: int
    items: tuple[str, ...]
    asked_by: int
    asked_at: datetime
    answer: str | None = None
    supplied_by: int | None = None
    supplied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revisit:
    """一轮回访."""

    round: int
    planned_at: datetime
    attempts: int = 0
    outcome: RevisitOutcome | None = None
    was_contacted: bool | None = None
    is_reply_true: bool | None = None
    is_clear: bool | None = None
    satisfaction: int | None = None
    note: str | None = None
    revisited_by: int | None = None
    revisited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RevisitAttempt:
    """一次回访拨打."""

    round: int
    attempt: int
    is_reached: bool
    note: str | None
    called_by: int
    called_at: datetime


@dataclass(frozen=True, slots=True)
class Evaluation:
    """评价 of one round: the last word in it, and the first one, which stays."""

    round: int
    level: int
    reasons: tuple[str, ...]
    comment: str | None
    channel: str
    rated_by: int
    rated_at: datetime
    first_level: int
    first_rated_at: datetime
    set_aside_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """事项: opened by somebody, perhaps consented to by the own unit, settled by somebody else.

    `seq` counts within the ticket; `details` are those of its kind.
    """

    seq: int
    kind: MatterKind
    round: int
    organisation_id: int | None
    details: Mapping[str, Any]
    opened_by: int | None
    opened_at: datetime
    consented_by: int | None = None
    consented_at: datetime | None = None
    settled_by: int | None = None
    settled_at: datetime | None = None
    outcome: MatterOutcome | None = None
    note: str | None = None

    @property
    def is_open(self) -> bool:
        return self.settled_at is None


Record: TypeAlias = (
    Assignment | Reply | SupplementRequest | Revisit | RevisitAttempt | Evaluation | Matter | Clock
)
