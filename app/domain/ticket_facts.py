"""What each action must bring. The API loads these, `ticket_flow.decide` reads them."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.sla_clock import ClockKind, Rung
from app.domain.vocabulary import (
    Channel,
    Kind,
    RefusalGround,
    ResultCode,
    RevisitOutcome,
    TicketClass,
)


@dataclass(frozen=True, slots=True)
class Submission:
    """提交诉求. `enterprise_id` is given by staff; an enterprise files for itself."""

    title: str
    body: str
    kind: Kind = Kind.REQUEST
    channel: Channel = Channel.MINI_PROGRAM
    category_code: str | None = None
    enterprise_id: int | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    is_confidential: bool = False
    attachment_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FirstContact:
    """首次联系. `contacted_at` defaults to the moment it is recorded."""

    note: str
    contacted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """受理. `promised_days` (working days) belongs to the class `approval` alone."""

    ticket_class: TicketClass
    category_code: str
    note: str | None = None
    promised_days: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """不予受理的意见, waiting for a second person."""

    ground: RefusalGround
    explanation: str
    right_door: str | None = None


@dataclass(frozen=True, slots=True)
class RefusalRuling:
    """第二人对不予受理的审批."""

    approved: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SupplementNotice:
    """补正通知: all that is missing, told at once."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Supplement:
    """企业补正的材料."""

    answer: str
    attachment_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """撤回."""

    reason: str


@dataclass(frozen=True, slots=True)
class Dispatch:
    """派单: exactly one lead and any co units."""

    lead_organisation_id: int
    co_organisation_ids: tuple[int, ...] = ()
    instruction: str | None = None


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
    """协办意见."""

    opinion: str
    attachment_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Approval:
    """审批答复: release it, or send it back with a note."""

    approved: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """反馈送达: the enterprise opened it, or staff record the call."""

    note: str | None = None


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


@dataclass(frozen=True, slots=True)
class Reminding:
    """提醒: a clock that has come to its reminding time, found by the job."""

    clock: ClockKind
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class CardIssue:
    """亮牌: a clock's yellow or red rung, fired by the job."""

    clock: ClockKind
    rung: Rung
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """移交: another housekeeper answers for the enterprise from now on, by a signed handover."""

    housekeeper_id: int
    handover_id: int
