"""办结情况的累计数字: what the closure report sums, counted beforehand by a job."""

from datetime import date
from typing import Annotated

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Instant, one_of

Word = Annotated[str, mapped_column(sa.Text(collation="C"), primary_key=True)]
Sum = Annotated[int, mapped_column(sa.Integer)]


class ClosureFigures(Model):
    """办结数字: the figures of one span of days, in one scope, of one group.

    `scope`: the prefix of an area, from the whole ("") to a county. `key` "": the rest, which
    belongs to no group. A span without a row is nothing but zeros.
    """

    __tablename__ = "closure_figures"

    span: Mapped[Word]
    scope: Mapped[Word]
    grouping: Mapped[Word]
    key: Mapped[Word]

    submitted: Mapped[Sum]
    acceptance_rate_numerator: Mapped[Sum]
    acceptance_rate_denominator: Mapped[Sum]
    acceptance_rate_pending: Mapped[Sum]
    pending: Mapped[Sum]
    overdue_open: Mapped[Sum]
    timely_acceptance_rate_numerator: Mapped[Sum]
    timely_acceptance_rate_denominator: Mapped[Sum]
    timely_acceptance_rate_pending: Mapped[Sum]
    accepted: Mapped[Sum]
    tracked_open: Mapped[Sum]
    completion_rate_numerator: Mapped[Sum]
    completion_rate_denominator: Mapped[Sum]
    completion_rate_pending: Mapped[Sum]
    refused: Mapped[Sum]
    withdrawn: Mapped[Sum]
    completed: Mapped[Sum]
    timely_completion_rate_numerator: Mapped[Sum]
    timely_completion_rate_denominator: Mapped[Sum]
    timely_completion_rate_pending: Mapped[Sum]
    timely_assignment_rate_numerator: Mapped[Sum]
    timely_assignment_rate_denominator: Mapped[Sum]
    timely_assignment_rate_pending: Mapped[Sum]
    archived: Mapped[Sum]
    first_round_rate_numerator: Mapped[Sum]
    first_round_rate_denominator: Mapped[Sum]
    resolution_rate_numerator: Mapped[Sum]
    resolution_rate_denominator: Mapped[Sum]
    reached_rate_numerator: Mapped[Sum]
    reached_rate_denominator: Mapped[Sum]
    revisit_rate_numerator: Mapped[Sum]
    revisit_rate_denominator: Mapped[Sum]
    revisit_rate_pending: Mapped[Sum]
    effective_revisit_rate_numerator: Mapped[Sum]
    effective_revisit_rate_denominator: Mapped[Sum]
    effective_revisit_rate_pending: Mapped[Sum]
    satisfaction_rate_numerator: Mapped[Sum]
    satisfaction_rate_denominator: Mapped[Sum]
    rating_rate_numerator: Mapped[Sum]
    rating_rate_denominator: Mapped[Sum]
    rating_rate_pending: Mapped[Sum]

    __table_args__ = (
        one_of("grouping", ("area", "category", "organisation")),
        sa.CheckConstraint("length(scope) IN (0, 2, 4, 6)", name="scope"),
        sa.CheckConstraint("length(span) IN (7, 9, 10)", name="span"),
        # Figures change in place: room on the page spares the index.
        {"postgresql_with": {"fillfactor": 80}},
    )


class ClosureCount(Model):
    """统计进度: as of when the figures hold, and from what they were made. One row, or none yet.

    `told_at` is business time. Events recorded from `seen_until` on, real time, may not be counted.
    """

    __tablename__ = "closure_count"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default="1")
    told_at: Mapped[Instant]
    seen_until: Mapped[Instant]
    definitions: Mapped[str] = mapped_column(sa.Text)
    areas: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)


class CountedTicket(Model):
    """已计入的诉求: the days that an open ticket is counted on, some of which may move away.

    `is_gone`: the ticket is deleted, and its days have not been counted without it yet.
    No foreign key: checking it would lock the ticket against whoever acts on it.
    """

    __tablename__ = "counted_tickets"

    ticket_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    days: Mapped[list[date]] = mapped_column(ARRAY(sa.Date))
    is_gone: Mapped[bool] = mapped_column(server_default=sa.false())

    __table_args__ = (
        sa.Index("ix_counted_tickets_gone", "ticket_id", postgresql_where=sa.text("is_gone")),
    )
