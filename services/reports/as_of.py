"""How a ticket stood at `AS_OF`, as conditions in SQL.

A ticket's final round is the last one begun by then: the round of its latest enterprise clock,
which stops when the reply of that round is released, or when the ticket is withdrawn.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import MatterKind, RevisitOutcome, Status
from app.models.assignment import Assignment
from app.models.evaluation import Evaluation
from app.models.matter import Matter
from app.models.revisit import Revisit, RevisitAttempt
from app.models.sla import SlaClock
from app.models.ticket import Ticket
from services.visibility.asking import Condition


def moment(name: str) -> Any:
    """A parameter that stands in the text of the statement, for the planner to see.

    How many rows a period has decides about the plan; one kept for any period took seconds.
    """
    return sa.bindparam(name, type_=sa.TIMESTAMP(timezone=True), literal_execute=True)


AS_OF, START, END = moment("as_of"), moment("start"), moment("end")

AcceptClock = aliased(SlaClock, name="accept_clock")
FinishClock = aliased(SlaClock, name="finish_clock")
LaterClock = aliased(SlaClock, name="later_clock")
UnitClock = aliased(SlaClock, name="unit_clock")
RevisitClock = aliased(SlaClock, name="revisit_clock")
WindowClock = aliased(SlaClock, name="window_clock")


def happened(instant: Any) -> Condition:
    """Whether something had happened; unknown instants have not."""
    condition: Condition = instant <= AS_OF
    return condition


def not_yet(instant: Any) -> Condition:
    """The opposite of `happened`, true of NULL."""
    return sa.or_(instant.is_(None), instant > AS_OF)


def clock_of(clock: type[SlaClock], kind: ClockKind) -> Condition:
    """That `clock` is the ticket's, of this kind (in any round)."""
    # A constant, not a parameter, so that partial indexes apply under every plan.
    return sa.and_(clock.ticket_id == Ticket.id, clock.kind == sa.literal_column(f"'{kind}'"))


def is_final_round(number: Any) -> Condition:
    """Whether no later round had begun than the round `number`."""
    later = sa.exists().where(
        clock_of(LaterClock, ClockKind.FINISH),
        LaterClock.round > sa.literal_column("1"),
        LaterClock.round > number,
        happened(LaterClock.started_at),
    )
    return sa.not_(later)


def is_scored(clock: type[SlaClock]) -> Condition:
    """Whether the ticket was never tracked open while `clock` ran: else it is not judged by it."""
    tracked = sa.exists().where(
        Matter.ticket_id == clock.ticket_id,
        Matter.kind == sa.literal_column(f"'{MatterKind.TRACKING}'"),
        happened(Matter.opened_at),
        sa.or_(clock.stopped_at.is_(None), Matter.opened_at < clock.stopped_at),
        sa.or_(Matter.settled_at.is_(None), Matter.settled_at > clock.started_at),
    )
    return sa.not_(tracked)


TRACKED = sa.exists().where(
    Matter.ticket_id == Ticket.id,
    Matter.kind == sa.literal_column(f"'{MatterKind.TRACKING}'"),
    happened(Matter.opened_at),
    not_yet(Matter.settled_at),
)
"""Tracked open: not completed, whatever was answered."""

EVERY = sa.true()
ALIVE = sa.and_(Ticket.status != Status.MERGED, sa.not_(Ticket.is_unreasonable))
"""Not joined to another ticket, and not found unreasonable, which no figure counts."""

COUNTED = sa.or_(Ticket.accepted_at.is_not(None), not_yet(Ticket.withdrawn_at))
"""Not withdrawn before acceptance, which no indicator counts."""

ACCEPTED = happened(Ticket.accepted_at)
WITHDRAWN = happened(Ticket.withdrawn_at)
DECIDED_AT = sa.func.least(Ticket.accepted_at, Ticket.refused_at)
DECIDED = happened(DECIDED_AT)
DECIDED_IN_TIME = sa.and_(DECIDED, AcceptClock.due_at >= DECIDED_AT)
UNDECIDED = sa.and_(not_yet(DECIDED_AT), not_yet(Ticket.withdrawn_at))

FINAL_FINISH = sa.and_(
    clock_of(FinishClock, ClockKind.FINISH),
    happened(FinishClock.started_at),
    ACCEPTED,
    is_final_round(FinishClock.round),
)
STOPPED = happened(FinishClock.stopped_at)
RUNNING = not_yet(FinishClock.stopped_at)
COMPLETED = sa.and_(STOPPED, not_yet(Ticket.withdrawn_at))
IN_TIME = FinishClock.stopped_at <= FinishClock.due_at

DONE = happened(Assignment.done_at)
CANCELLED = happened(Assignment.cancelled_at)
UNIT_AT_WORK = sa.and_(
    not_yet(Assignment.done_at), not_yet(Assignment.cancelled_at), not_yet(Assignment.returned_at)
)
"""What was dispatched to the wrong unit does not count, neither for it nor against it."""

REACHED = Revisit.outcome.in_((RevisitOutcome.SOLVED, RevisitOutcome.UNSOLVED))
CALLED = sa.exists().where(
    RevisitAttempt.ticket_id == RevisitClock.ticket_id,
    RevisitAttempt.round == RevisitClock.round,
    happened(RevisitAttempt.called_at),
)
CALL_DUE = sa.and_(
    RevisitClock.due_at < AS_OF,
    sa.or_(not_yet(RevisitClock.stopped_at), RevisitClock.stopped_at > RevisitClock.due_at),
)
"""Not given up in time, because the ticket went round again before anybody had to call."""

CALL_AHEAD = sa.and_(RevisitClock.due_at >= AS_OF, not_yet(RevisitClock.stopped_at))
CONCLUDED = happened(Revisit.revisited_at)
RATED = happened(Evaluation.first_rated_at)
HEEDED = sa.and_(RATED, not_yet(Evaluation.set_aside_at))
"""Not set aside: the last word of the round counts, on the day of the first."""
