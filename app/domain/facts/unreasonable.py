"""不合理诉求: what its actions must bring."""

from dataclasses import dataclass

from app.domain.vocabulary import UnreasonableGround


@dataclass(frozen=True, slots=True)
class Unreasonable:
    """认定意见: on what ground, and the explanation that the enterprise will read."""

    ground: UnreasonableGround
    explanation: str
