"""容缺: what its actions must bring."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Deferral:
    """容缺受理: what may be brought later, and by which day it is promised."""

    items: tuple[str, ...]
    promise_date: date


@dataclass(frozen=True, slots=True)
class DeferredMaterial:
    """企业补齐的容缺材料."""

    answer: str
    attachment_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DeferralFailure:
    """容缺材料逾期未补齐, and the case goes back."""

    note: str | None = None
