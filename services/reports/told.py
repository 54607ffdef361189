"""What a report is made of, wherever it was counted: groups, and their figures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

Figures: TypeAlias = Mapping[str | None, Sequence[int]]
"""By the group's key, None for the rest: every figure, in the order of `sources.FIGURES`."""


class Group(NamedTuple):
    """One group that has a name."""

    key: str
    name: str


class Told(NamedTuple):
    """What was counted: as of when, the groups in their order, their figures and the rest's."""

    as_of: datetime
    groups: Sequence[Group]
    figures: Figures
