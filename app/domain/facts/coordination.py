"""第二步 协调: what its actions must bring."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Dispatch:
    """派单: exactly one lead and any co units.

    What the template `template_code` says is put in before it is decided: the instruction, where
    none is given, and whether the silence of a co unit is consent.
    """

    lead_organisation_id: int
    co_organisation_ids: tuple[int, ...] = ()
    instruction: str | None = None
    template_code: str | None = None
    silence_is_consent: bool = False


@dataclass(frozen=True, slots=True)
class TransferOut:
    """转出 to another body. `transferred_at` defaults to the moment it is recorded."""

    receiving_body: str
    reason: str
    transferred_at: datetime | None = None
