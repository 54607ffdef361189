"""Whether the histories still are what was written: every hash chain, computed anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.event_chain import HASHED, first_break
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent

CHUNK = 500

_TICKET_COLUMNS = (
    Ticket.id,
    Ticket.number,
    Ticket.event_seq.label("last_seq"),
    Ticket.event_head.label("head"),
)
_EVENT_COLUMNS = [TicketEvent.__table__.c[name] for name in ("hash", *HASHED)]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one ticket's history: the first event that does not hold, if any."""

    number: str
    broken_seq: int | None = None
    reason: str | None = None


def verify_histories() -> Iterator[Verdict]:
    """A verdict on every ticket, in the order of their ids."""
    last = 0
    while rows := _histories_after(last):
        for _, ticket in groupby(rows, lambda row: row.id):
            yield _verdict(list(ticket))
        last = rows[-1].id


def _histories_after(last: int) -> Sequence[Any]:
    """Tickets with their events, in one statement: whoever works meanwhile breaks nothing."""
    chunk = sa.select(Ticket.id).where(Ticket.id > last).order_by(Ticket.id).limit(CHUNK)
    query = (
        sa.select(*_TICKET_COLUMNS, *_EVENT_COLUMNS)
        .outerjoin(TicketEvent, TicketEvent.ticket_id == Ticket.id)
        .where(Ticket.id.in_(chunk.scalar_subquery()))
        .order_by(Ticket.id, TicketEvent.seq)
    )
    return db.session.execute(query).all()


def _verdict(rows: list[Any]) -> Verdict:
    ticket = rows[0]
    events = [row._mapping for row in rows if row.seq is not None]
    found = first_break(ticket.number, events, seq=ticket.last_seq, head=ticket.head)
    return Verdict(ticket.number, *found) if found else Verdict(ticket.number)
