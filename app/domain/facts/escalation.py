"""提级: what its action must bring."""

from dataclasses import dataclass

from app.domain.vocabulary import EscalationCause


@dataclass(frozen=True, slots=True)
class Escalation:
    """提级: to which tier, for which kind of cause, and what has been tried."""

    tier: int
    cause: EscalationCause
    explanation: str
