"""Reading a ticket as the rules see it, with or without its lock.

Two statements: the row (locked first), then its records (read after the lock, so that nobody's
change in between is missed).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.domain import ticket_records as records
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.sla_clock import Clock
from app.domain.ticket_state import TicketState
from app.models.ticket import Ticket
from app.prepared import Prepared
from services.tickets.decode import decode
from services.tickets.terms import Stamp, first_day, rules_of
from services.visibility.asking import AnyActor, any_actor, values_of
from services.visibility.tickets import visible_tickets

RECORDS: Mapping[str, type[Any]] = {
    "assignments": records.Assignment,
    "sla_clocks": Clock,
    "supplement_requests": records.SupplementRequest,
    "replies": records.Reply,
    "revisits": records.Revisit,
    "evaluations": records.Evaluation,
    "ticket_matters": records.Matter,
}
OWN_COLUMNS = [
    Ticket.__table__.c[field.name]
    for field in fields(TicketState)
    if field.name in Ticket.__table__.c
]
_LISTED = (
    f"(SELECT json_agg(r ORDER BY r.id) FROM {table} r WHERE r.ticket_id = :ticket) AS {table}"
    for table in RECORDS
)
_RECORDS = Prepared(
    sa.text(
        f"SELECT {', '.join(_LISTED)},"
        " (SELECT max(version) FROM work_calendars) AS newest_calendar,"
        " (SELECT max(id) FROM sla_policies) AS newest_policy,"
        " (SELECT max(id) FROM flow_rules) AS newest_rule,"
        " (SELECT array_agg(code) FROM categories WHERE is_active) AS categories"
    )
)


@dataclass(frozen=True, slots=True)
class Held:
    """A ticket as it stands, and what is in force meanwhile: the terms, the categories."""

    state: TicketState
    stamp: Stamp
    categories: frozenset[str]


def lock_ticket(actor: Actor, number: str) -> Held:
    """The visible ticket, locked until the transaction ends. Raises `NotFound`."""
    return _read(actor, number, is_locked=True)


def read_ticket(actor: Actor, number: str) -> TicketState:
    """The visible ticket, unlocked. Raises `NotFound`."""
    return _read(actor, number, is_locked=False).state


def _read(actor: Actor, number: str, *, is_locked: bool) -> Held:
    query = _ticket(any_actor(actor), is_locked=is_locked)
    rows = query.execute(values_of(actor) | {"number": number})
    if not rows:
        raise NotFound
    return _with_records(decode(TicketState, rows[0]._asdict()))


@cache
def _ticket(who: AnyActor, *, is_locked: bool) -> Prepared:
    number = sa.bindparam("number", type_=sa.Text)
    query = sa.select(*OWN_COLUMNS).where(Ticket.number == number, visible_tickets(who))
    return Prepared(query.with_for_update(of=Ticket) if is_locked else query)


def _with_records(ticket: TicketState) -> Held:
    """`ticket` with its records; of replies, revisits and ratings only those of its round."""
    [row] = _RECORDS.execute({"ticket": ticket.id})
    loaded = {
        table: tuple(decode(kind, one) for one in getattr(row, table) or ())
        for table, kind in RECORDS.items()
    }
    state = replace(
        ticket,
        assignments=loaded["assignments"],
        clocks=loaded["sla_clocks"],
        supplements=loaded["supplement_requests"],
        reply=_of_round(ticket.round, loaded["replies"]),
        revisit=_of_round(ticket.round, loaded["revisits"]),
        evaluation=_of_round(ticket.round, loaded["evaluations"]),
        matters=loaded["ticket_matters"],
        rules=rules_of(row.newest_rule, first_day(ticket.submitted_at, ticket.policies_on)),
    )
    stamp = Stamp(row.newest_calendar, row.newest_policy, row.newest_rule)
    return Held(state, stamp, frozenset(row.categories or ()))


def _of_round(number: int, rows: tuple[Any, ...]) -> Any:
    return next((row for row in rows if row.round == number), None)
