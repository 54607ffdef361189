"""延期: what its actions must bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """延期申请: so many working days more, why, and what will be done in them."""

    days: int
    reason: str
    plan: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """同意与否: of the own unit, or of who decides."""

    approved: bool
    note: str | None = None
