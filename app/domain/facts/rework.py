"""重办: what its actions must bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Objection:
    """异议: what the enterprise does not accept, and why."""

    reason: str
    attachment_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReworkOrder:
    """督导责令重办."""

    reason: str
