"""第二步 协调: what its actions must bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dispatch:
    """派单: exactly one lead and any co units."""

    lead_organisation_id: int
    co_organisation_ids: tuple[int, ...] = ()
    instruction: str | None = None
