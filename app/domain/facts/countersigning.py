"""会签: what it must bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Countersignature:
    """会签: the helping unit stands behind the present draft, or says what is wrong with it."""

    agrees: bool
    note: str | None = None
