"""督办阶梯: what a rung leaves behind besides its event: a card, an order, a bulletin entry."""

from datetime import datetime

from app.domain.ladder import Ladder
from app.domain.late_rungs import LATE_RUNGS, late_rungs
from app.domain.sla_clock import Clock, ClockKind, Rung
from app.domain.ticket_records import BulletinEntry, Card, ProposedOrder, Record
from app.domain.ticket_state import TicketState


def card_of(clock: Clock, rung: Rung, *, at: datetime) -> Card:
    """The card that this clock is given at `at`; it stands as long as the clock remembers it."""
    due = clock.due_at or at
    return Card(clock.round, clock.kind, clock.organisation_id, rung, at, due)


def climbed(
    state: TicketState, clock: Clock, ladder: Ladder, rung: Rung, *, at: datetime
) -> tuple[Record, ...]:
    """What a late rung brings: the order at its own, the entry at that of the bulletin, each once.

    A rung that was missed is made up for here: whoever is at the top has had the others' papers,
    but for those of a rung that the `ladder` of the clock leaves out. Nothing where no unit is
    answerable yet, or the unit's own clock tells of the same lateness.
    """
    unit = _answerable(state, clock)
    if rung not in LATE_RUNGS or unit is None:
        return ()
    had = LATE_RUNGS.index(clock.late_rung) + 1 if clock.late_rung else 0
    reached = LATE_RUNGS[had : LATE_RUNGS.index(rung) + 1]
    new = late_rungs(clock.late_ats).keys() & set(reached)
    papers: list[Record] = []
    if Rung.ORDER in new:
        grounds = f"超期满 {ladder.order_days} 个工作日仍未办结"
        papers.append(ProposedOrder(clock.round, clock.kind, unit, grounds, at))
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
