"""第一步 受理: what its actions must bring."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.facts.deferral import Deferral
from app.domain.vocabulary import (
    RefusalGround,
    TicketClass,
)


@dataclass(frozen=True, slots=True)
class FirstContact:
    """首次联系. `contacted_at` defaults to the moment it is recorded."""

    note: str
    contacted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactConfirmation:
    """企业对首次联系的确认: what the office claims, as the enterprise knows it."""

    was_contacted: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """受理. `promised_days` (working days) and `deferral` belong to the class
    `approval` alone.
    """

    ticket_class: TicketClass
    category_code: str
    note: str | None = None
    promised_days: int | None = None
    deferral: Deferral | None = None


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
class LateItem:
    """What the second notice says of an item that the first did not name."""

    was_visible_at_first: bool
    reason: str


@dataclass(frozen=True, slots=True)
class SupplementNotice:
    """补正通知: all that is missing, told at once.

    A second one says of each item, in order, why it was not in the first (`late_items`).
    """

    items: tuple[str, ...]
    late_items: tuple[LateItem, ...] = ()


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
class SupplementLapse:
    """逾期未补正 by the job."""
