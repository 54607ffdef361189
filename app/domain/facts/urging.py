"""催办: what its action may bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Urge:
    """催办: why it is pressing, if somebody wants to say."""

    reason: str | None = None
