"""Reading a ticket as the rules see it, with or without its lock.

Two statements: the row (locked first), then its records (read after the lock, so that nobody's
change in between is missed).
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import ticket_state as records
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.sla_clock import Clock
from app.domain.ticket_state import TicketState
from app.models.ticket import Ticket
from services.tickets.decode import decode
from services.visibility import visible_tickets

RECORDS: Mapping[str, type[Any]] = {
    "assignments": records.Assignment,
    "sla_clocks": Clock,
    "supplement_requests": records.SupplementRequest,
    "replies": records.Reply,
    "revisits": records.Revisit,
}
OWN_COLUMNS = [
    Ticket.__table__.c[field.name]
    for field in fields(TicketState)
    if field.name in Ticket.__table__.c
]
_RECORDS_QUERY = sa.text(
    "SELECT "
    + ", ".join(
        f"(SELECT json_agg(r ORDER BY r.id) FROM {table} r WHERE r.ticket_id = :ticket) AS {table}"
        for table in RECORDS
    )
)


def lock_ticket(actor: Actor, number: str) -> TicketState:
    """The visible ticket, locked until the transaction ends. Raises `NotFound`."""
    return _read(actor, number, lock=True)


def read_ticket(actor: Actor, number: str) -> TicketState:
    """The visible ticket, unlocked. Raises `NotFound`."""
    return _read(actor, number, lock=False)


def _read(actor: Actor, number: str, *, lock: bool) -> TicketState:
    query = sa.select(*OWN_COLUMNS).where(Ticket.number == number, visible_tickets(actor))
    if lock:
        query = query.with_for_update(of=Ticket)
    row = db.session.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound
    return with_records(decode(TicketState, row))


def with_records(ticket: TicketState) -> TicketState:
    """`ticket` with its records; of replies and revisits only those of its round."""
    rows = db.session.execute(_RECORDS_QUERY, {"ticket": ticket.id}).mappings().one()
    loaded = {
        table: tuple(decode(kind, row) for row in rows[table] or ())
        for table, kind in RECORDS.items()
    }
    return replace(
        ticket,
        assignments=loaded["assignments"],
        clocks=loaded["sla_clocks"],
        supplements=loaded["supplement_requests"],
        reply=_of_round(ticket.round, loaded["replies"]),
        revisit=_of_round(ticket.round, loaded["revisits"]),
    )


def _of_round(number: int, rows: tuple[Any, ...]) -> Any:
    return next((row for row in rows if row.round == number), None)
