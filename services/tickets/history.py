"""Whether the histories still are what was written: every hash chain, computed anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.event_chain import HASHED, first_break
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one ticket's history: the first event that does not hold, if any."""

    number: str
    broken_seq: int | None = None
    reason: str | None = None


def verify_histories() -> Iterator[Verdict]:
    """A verdict on every ticket, in the order of their ids."""
    last = 0
    while tickets := _tickets_after(last):
        events = _events_of([row.id for row in tickets])
        for row in tickets:
            found = first_break(
                row.number, events.get(row.id, ()), seq=row.event_seq, head=row.event_head
            )
            yield Verdict(row.number, *(found or ()))
        last = tickets[-1].id


def _tickets_after(last: int) -> Sequence[sa.Row[Any]]:
    query = sa.select(Ticket.id, Ticket.number, Ticket.event_seq, Ticket.event_head)
    return db.session.execute(query.where(Ticket.id > last).order_by(Ticket.id).limit(CHUNK)).all()


def _events_of(ticket_ids: list[int]) -> dict[int, list[Mapping[Any, Any]]]:
    columns = [TicketEvent.__table__.c[name] for name in ("ticket_id", "hash", *HASHED)]
    query = (
        sa.select(*columns)
        .where(TicketEvent.ticket_id.in_(ticket_ids))
        .order_by(TicketEvent.ticket_id, TicketEvent.seq)
    )
    rows = db.session.execute(query).mappings()
    return {ticket: list(events) for ticket, events in groupby(rows, lambda row: row["ticket_id"])}
