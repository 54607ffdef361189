"""提醒与亮牌: what the jobs name."""

from dataclasses import dataclass

from app.domain.sla_clock import ClockKind, Rung


@dataclass(frozen=True, slots=True)
class Reminding:
    """提醒: a clock that has come to a rung that is no card, found by the job."""

    clock: ClockKind
    organisation_id: int | None = None
    rung: Rung = Rung.REMINDER


@dataclass(frozen=True, slots=True)
class CardIssue:
    """亮牌: a clock's yellow or red rung, fired by the job."""

    clock: ClockKind
    rung: Rung
    organisation_id: int | None = None
