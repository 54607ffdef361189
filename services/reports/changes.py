"""变动: which tickets may count otherwise than when they were last counted, and on which days.

A ticket changes with its events, and with time: when a clock of it comes due. The days it counts on
are those of the instants by which figures are attributed. All of these stay once they have come,
except due times, which move: what an open ticket was counted on is therefore kept.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.db import db
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import FINAL
from app.models.closure_figures import CountedTicket
from app.models.sla import SlaClock
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.reports.counting import local_day
from services.reports.sources import SOURCES
from services.visibility.asking import Condition


def changed_tickets(seen_until: datetime, told_at: datetime, *, at: datetime) -> list[int]:
    """Tickets with events recorded since (real time), or a clock that came due after `told_at`.

    And those that are gone, of which only the days are left.
    """
    acted = sa.select(TicketEvent.ticket_id).where(TicketEvent.recorded_at >= seen_until)
    due = sa.select(SlaClock.ticket_id).where(
        SlaClock.kind.in_(list(ClockKind)), SlaClock.due_at.between(told_at, at)
    )
    gone = sa.select(CountedTicket.ticket_id).where(CountedTicket.is_gone)
    return list(db.session.scalars(sa.union(acted, due, gone)))


def days_of(tickets: Sequence[int]) -> list[date]:
    """The days on which the tickets count now or did when they were last counted, in order."""
    kept = sa.select(sa.func.unnest(CountedTicket.days)).where(_among(CountedTicket, tickets))
    now = sa.select(_days(lambda table: _among(table, tickets)).c.day)
    return sorted(db.session.scalars(sa.union(kept, now)))


def keep_days(tickets: Sequence[int] | None) -> None:
    """Keep the days of the open ones among the tickets, and no longer of the others; None: all."""
    is_meant = sa.true() if tickets is None else CountedTicket.ticket_id == sa.any_(_sent(tickets))
    is_open = sa.select(Ticket.id).where(Ticket.status.not_in(FINAL))
    if tickets is not None:
        is_open = is_open.where(_among(Ticket, tickets))
    forgotten = sa.delete(CountedTicket).where(is_meant, CountedTicket.ticket_id.not_in(is_open))
    db.session.execute(forgotten)
    found = _days(lambda table: _id_of(table).in_(is_open))
    days = sa.func.array_agg(found.c.day.distinct())
    keeping = insert(CountedTicket).from_select(
        ["ticket_id", "days"], sa.select(found.c.ticket_id, days).group_by(found.c.ticket_id)
    )
    new = keeping.excluded.days
    db.session.execute(
        keeping.on_conflict_do_update(
            index_elements=["ticket_id"], set_={"days": new}, where=CountedTicket.days != new
        )
    )


def leave_days(tickets: Sequence[int]) -> None:
    """Keep the days of tickets that are about to be deleted, for the next count to look at."""
    found = _days(lambda table: _among(table, tickets))
    days = sa.func.array_agg(found.c.day.distinct())
    leaving = insert(CountedTicket).from_select(
        ["ticket_id", "days", "is_gone"],
        sa.select(found.c.ticket_id, days, sa.true()).group_by(found.c.ticket_id),
    )
    both = CountedTicket.days + leaving.excluded.days
    db.session.execute(
        leaving.on_conflict_do_update(
            index_elements=["ticket_id"], set_={"days": both, "is_gone": True}
        )
    )


def first_and_last_day() -> tuple[date, date] | None:
    """The days between which anything counts; None while there is no ticket."""
    found = _days(lambda _: sa.true())
    first, last = db.session.execute(
        sa.select(sa.func.min(found.c.day), sa.func.max(found.c.day))
    ).one()
    return (first, last) if first else None


def _days(of: Any) -> sa.Subquery:
    """Pairs of ticket and day, for the rows that `of` says of each table."""
    parts = []
    for table, columns in _instants().items():
        instants = sa.values(sa.column("instant", sa.TIMESTAMP(timezone=True)))
        each = instants.data([(column,) for column in columns]).lateral(f"of_{table.__tablename__}")
        parts.append(
            sa.select(_id_of(table).label("ticket_id"), local_day(each.c.instant).label("day"))
            .select_from(sa.join(table, each, sa.true()))
            .where(each.c.instant.is_not(None), of(table))
        )
    return sa.union_all(*parts).subquery("days")


def _instants() -> dict[Any, list[Any]]:
    """The columns by which figures are attributed, whatever the source calls their table."""
    found: dict[Any, list[Any]] = {}
    for source in SOURCES:
        model = source.instant.parent.mapper.class_
        column = getattr(model, source.instant.key)
        if not any(column is known for known in found.setdefault(model, [])):
            found[model].append(column)
    return found


def _id_of(table: Any) -> Any:
    return Ticket.id if table is Ticket else table.ticket_id


def _among(table: Any, tickets: Sequence[int]) -> Condition:
    condition: Condition = _id_of(table) == sa.any_(_sent(tickets))
    return condition


def _sent(tickets: Sequence[int]) -> Any:
    return sa.cast(list(tickets), ARRAY(sa.BigInteger))
