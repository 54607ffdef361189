"""报表的数据来源: the rows behind each figure of the closure report, as conditions in SQL.

Each source is one range of one index, that of its instant. The definitions in words:
`app/domain/indicators.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.domain.indicators import Attribution, part
from app.domain.rating import BAD
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import RevisitOutcome
from app.models.assignment import Assignment
from app.models.evaluation import Evaluation
from app.models.revisit import Revisit
from app.models.ticket import Ticket
from services.reports import as_of
from services.visibility.asking import Condition


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one kind: where they come from, their instant, and what is counted of them.

    `unit` is the lead unit that answers for a row.
    """

    by: Attribution
    instant: Any
    rows: Any
    where: tuple[Condition, ...]
    figures: Mapping[str, Condition]
    unit: Any = Ticket.lead_organisation_id


def _rate(key: str, numerator: Condition, denominator: Condition, pending: Any = None) -> Any:
    figures = {part(key, "numerator"): numerator, part(key, "denominator"): denominator}
    return figures if pending is None else figures | {part(key, "pending"): pending}


SOURCES: tuple[Source, ...] = (
    Source(
        Attribution.SUBMITTED,
        Ticket.submitted_at,
        Ticket,
        (as_of.happened(Ticket.submitted_at),),
        {"submitted": as_of.EVERY}
        | _rate(
            "acceptance_rate",
            as_of.ACCEPTED,
            as_of.COUNTED,
            sa.and_(as_of.COUNTED, as_of.UNDECIDED),
        ),
    ),
    Source(
        Attribution.SUBMITTED,
        Ticket.submitted_at,
        sa.outerjoin(
            sa.outerjoin(
                Ticket, as_of.AcceptClock, as_of.clock_of(as_of.AcceptClock, ClockKind.ACCEPT)
            ),
            as_of.FinishClock,
            as_of.FINAL_FINISH,
        ),
        (
            as_of.happened(Ticket.submitted_at),
            as_of.not_yet(Ticket.refused_at),
            as_of.not_yet(Ticket.withdrawn_at),
            as_of.RUNNING,
        ),
        {
            "pending": as_of.EVERY,
            "overdue_open": sa.and_(
                sa.case((as_of.ACCEPTED, as_of.FinishClock.due_at), else_=as_of.AcceptClock.due_at)
                < as_of.AS_OF,
                as_of.is_scored(as_of.FinishClock),
            ),
        },
    ),
    Source(
        Attribution.ACCEPT_DUE,
        as_of.AcceptClock.due_at,
        sa.join(as_of.AcceptClock, Ticket, as_of.clock_of(as_of.AcceptClock, ClockKind.ACCEPT)),
        (as_of.happened(Ticket.submitted_at), as_of.COUNTED),
        _rate(
            "timely_acceptance_rate",
            as_of.DECIDED_IN_TIME,
            sa.or_(as_of.DECIDED, as_of.AcceptClock.due_at < as_of.AS_OF),
            sa.and_(as_of.UNDECIDED, as_of.AcceptClock.due_at >= as_of.AS_OF),
        ),
    ),
    Source(
        Attribution.ACCEPTED,
        Ticket.accepted_at,
        sa.join(Ticket, as_of.FinishClock, as_of.FINAL_FINISH),
        (),
        {"accepted": as_of.EVERY, "tracked_open": as_of.TRACKED}
        | _rate(
            "completion_rate",
            sa.and_(as_of.COMPLETED, sa.not_(as_of.TRACKED)),
            as_of.EVERY,
            sa.or_(as_of.RUNNING, as_of.TRACKED),
        ),
    ),
    Source(
        Attribution.REFUSED,
        Ticket.refused_at,
        Ticket,
        (as_of.happened(Ticket.refused_at),),
        {"refused": as_of.EVERY},
    ),
    Source(
        Attribution.WITHDRAWN,
        Ticket.withdrawn_at,
        Ticket,
        (as_of.WITHDRAWN,),
        {"withdrawn": as_of.EVERY},
    ),
    Source(
        Attribution.COMPLETED,
        as_of.FinishClock.stopped_at,
        sa.join(as_of.FinishClock, Ticket, as_of.FINAL_FINISH),
        (as_of.COMPLETED,),
        {"completed": as_of.EVERY},
    ),
    Source(
        Attribution.FINISH_DUE,
        as_of.FinishClock.due_at,
        sa.join(as_of.FinishClock, Ticket, as_of.FINAL_FINISH),
        (as_of.is_scored(as_of.FinishClock),),
        _rate(
            "timely_completion_rate",
            sa.and_(as_of.COMPLETED, as_of.IN_TIME),
            sa.or_(
                as_of.COMPLETED,
                sa.and_(as_of.WITHDRAWN, sa.not_(as_of.IN_TIME)),
                sa.and_(as_of.RUNNING, as_of.FinishClock.due_at < as_of.AS_OF),
            ),
            sa.and_(as_of.RUNNING, as_of.FinishClock.due_at >= as_of.AS_OF),
        ),
    ),
    Source(
        Attribution.ASSIGNMENT_DUE,
        as_of.UnitClock.due_at,
        sa.join(
            sa.join(as_of.UnitClock, Ticket, as_of.clock_of(as_of.UnitClock, ClockKind.ASSIGNMENT)),
            Assignment,
            sa.and_(
                Assignment.ticket_id == as_of.UnitClock.ticket_id,
                Assignment.round == as_of.UnitClock.round,
                Assignment.organisation_id == as_of.UnitClock.organisation_id,
            ),
        ),
        (as_of.happened(Assignment.dispatched_at), as_of.is_scored(as_of.UnitClock)),
        _rate(
            "timely_assignment_rate",
            sa.and_(as_of.DONE, Assignment.done_at <= as_of.UnitClock.due_at),
            sa.or_(
                as_of.DONE,
                sa.and_(as_of.CANCELLED, Assignment.cancelled_at > as_of.UnitClock.due_at),
                sa.and_(as_of.UNIT_AT_WORK, as_of.UnitClock.due_at < as_of.AS_OF),
            ),
            sa.and_(as_of.UNIT_AT_WORK, as_of.UnitClock.due_at >= as_of.AS_OF),
        ),
        unit=as_of.UnitClock.organisation_id,
    ),
    Source(
        Attribution.ARCHIVED,
        Ticket.archived_at,
        Ticket,
        (as_of.happened(Ticket.archived_at),),
        {"archived": as_of.EVERY} | _rate("first_round_rate", Ticket.round == 1, as_of.EVERY),
    ),
    Source(
        Attribution.REVISITED,
        Revisit.revisited_at,
        sa.join(Revisit, Ticket, Revisit.ticket_id == Ticket.id),
        (as_of.happened(Revisit.revisited_at),),
        _rate(
            "resolution_rate",
            sa.and_(Revisit.outcome == RevisitOutcome.SOLVED, as_of.is_final_round(Revisit.round)),
            as_of.REACHED,
        )
        | _rate("reached_rate", as_of.REACHED, as_of.EVERY),
    ),
    Source(
        Attribution.REVISIT_DUE,
        as_of.RevisitClock.due_at,
        sa.join(
            sa.join(
                as_of.RevisitClock, Ticket, as_of.clock_of(as_of.RevisitClock, ClockKind.REVISIT)
            ),
            Revisit,
            sa.and_(
                Revisit.ticket_id == as_of.RevisitClock.ticket_id,
                Revisit.round == as_of.RevisitClock.round,
            ),
        ),
        (as_of.happened(as_of.RevisitClock.started_at),),
        _rate(
            "revisit_rate",
            as_of.CALLED,
            sa.or_(as_of.CALLED, as_of.CALL_DUE),
            sa.and_(sa.not_(as_of.CALLED), as_of.CALL_AHEAD),
        )
        | _rate(
            "effective_revisit_rate",
            sa.and_(as_of.CALLED, as_of.CONCLUDED, as_of.REACHED),
            as_of.CALLED,
            sa.and_(as_of.CALLED, as_of.not_yet(Revisit.revisited_at)),
        ),
    ),
    Source(
        Attribution.RATED,
        Evaluation.first_rated_at,
        sa.join(Evaluation, Ticket, Evaluation.ticket_id == Ticket.id),
        (as_of.HEEDED,),
        _rate("satisfaction_rate", Evaluation.level.not_in(BAD), as_of.EVERY),
    ),
    Source(
        Attribution.WINDOW_END,
        as_of.WindowClock.due_at,
        sa.outerjoin(
            sa.join(
                as_of.WindowClock, Ticket, as_of.clock_of(as_of.WindowClock, ClockKind.EVALUATION)
            ),
            Evaluation,
            sa.and_(
                Evaluation.ticket_id == as_of.WindowClock.ticket_id,
                Evaluation.round == as_of.WindowClock.round,
            ),
        ),
        (as_of.happened(as_of.WindowClock.started_at),),
        _rate(
            "rating_rate",
            sa.and_(as_of.happened(as_of.WindowClock.due_at), as_of.RATED),
            as_of.happened(as_of.WindowClock.due_at),
            as_of.WindowClock.due_at > as_of.AS_OF,
        ),
    ),
)

FIGURES: tuple[str, ...] = tuple(name for source in SOURCES for name in source.figures)
"""The names of all figures; each comes from one source only."""


def column_of(figure: str) -> str:
    """The column in which a figure is kept: dots are for names."""
    return figure.replace(".", "_")
