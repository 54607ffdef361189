"""撤回核查: what its action must bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PressureCheck:
    """撤回核查: whether the enterprise was pressed to withdraw, as it says itself."""

    was_pressed: bool
    note: str
