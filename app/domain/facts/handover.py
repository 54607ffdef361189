"""移交: what a signed handover brings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandedOver:
    """移交: another housekeeper answers for the enterprise from now on, by a signed handover."""

    housekeeper_id: int
    handover_id: int
