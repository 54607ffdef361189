"""督导结案: what it must bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Closure:
    """督导结案."""

    reason: str
