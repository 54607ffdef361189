"""督办阶梯: what a rung leaves behind besides its event: a card, an order, a bulletin entry."""

from datetime import datetime

from app.domain.ladder import LATE_RUNGS
from app.domain.sla_clock import Clock, ClockKind, Rung
from app.domain.ticket_records import BulletinEntry, Card, ProposedOrder, Record
from app.domain.ticket_state import TicketState

GROUNDS = "超期两个工作日仍未办结"


def card_of(clock: Clock, rung: Rung, *, at: datetime) -> Card:
    """The card that this clock is given at `at`; it stands as long as the clock remembers it."""
    due = clock.due_at or at
    return Card(clock.round, clock.kind, clock.organisation_id, rung, at, due)


def climbed(state: TicketState, clock: Clock, rung: Rung, *, at: datetime) -> tuple[Record, ...]:
    """What a late rung brings: the order, and from five days on the entry, each once.

    A rung that was missed is made up for here: whoever is at ten days has had the others' papers.
    Nothing where no unit is answerable yet, or the unit's own clock tells of the same lateness.
    """
    unit = _answerable(state, clock)
    if rung not in LATE_RUNGS or unit is None:
        return ()
    had = LATE_RUNGS.index(clock.late_rung) + 1 if clock.late_rung else 0
    new = LATE_RUNGS[had : LATE_RUNGS.index(rung) + 1]
    papers: list[Record] = []
    if Rung.ORDER in new:
        papers.append(ProposedOrder(clock.round, clock.kind, unit, GROUNDS, at))
    if Rung.BULLETIN in new:
        due = clock.due_at or at
        papers.append(BulletinEntry(clock.round, clock.kind, unit, due, at))
    return tuple(papers)


def _answerable(state: TicketState, clock: Clock) -> int | None:
    if clock.organisation_id is not None:
        return clock.organisation_id
    lead = state.lead_organisation_id
    for other in state.clocks:
        is_own = other.kind is ClockKind.ASSIGNMENT and other.organisation_id == lead
        if is_own and other.round == clock.round and other.overdue_at is not None:
            return None
    return lead
