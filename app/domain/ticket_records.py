"""The records of a ticket. They map one to one onto tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from app.domain.sla_clock import Clock, ClockKind, Rung
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
    """子工单 of one unit in one round. `return_until`: until when it may be returned, if at all."""

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
    returned_at: datetime | None = None
    return_until: datetime | None = None
    silence_is_consent: bool = False
    countersigned_at: datetime | None = None
    countersigned_by: int | None = None


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

    @property
    def is_standing(self) -> bool:
        """A draft that nobody has sent back or let out."""
        return self.released_at is None and self.rejection is None


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
    late_items: tuple[Mapping[str, Any], ...] = ()
    is_breach_of_one_time_notice: bool = False


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
    last_attempt_at: datetime | None = None


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
class RevisitLot:
    """回访抽签: the lot that the answer of a round took in its stratum, drawn or not."""

    round: int
    stratum_id: int
    number: int
    is_drawn: bool


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

    `seq` counts within the ticket; `details` are those of its kind. `remind_at`: when somebody is
    reminded of a day that it names, None when nobody is any more.
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
    remind_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.settled_at is None


@dataclass(frozen=True, slots=True)
class Card:
    """黄牌、红牌 as it is issued; what becomes of it is no longer the ticket's."""

    round: int
    clock: ClockKind
    organisation_id: int | None
    rung: Rung
    issued_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ProposedOrder:
    """督办单 as the ladder proposes it."""

    round: int
    clock: ClockKind
    organisation_id: int
    grounds: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class BulletinEntry:
    """通报条目: a unit's lateness."""

    round: int
    clock: ClockKind
    organisation_id: int
    due_at: datetime
    listed_at: datetime


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """派单规则: by the matter `seq` of its ticket, such requests belong to this unit.

    Holds for the area of who ruled, "" = everywhere.
    """

    seq: int
    category_code: str
    area_prefix: str
    organisation_id: int
    is_binding: bool
    made_at: datetime


Record: TypeAlias = (
    Assignment
    | Reply
    | SupplementRequest
    | Revisit
    | RevisitAttempt
    | RevisitLot
    | Evaluation
    | Matter
    | RoutingRule
    | Clock
    | Card
    | ProposedOrder
    | BulletinEntry
)
