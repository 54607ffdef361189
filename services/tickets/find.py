"""Lists of tickets: visible to the actor, filtered, sorted, a page at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from app.clock import LOCAL_ZONE
from app.db import db
from app.domain import ticket_state as records
from app.domain.actor import UNIT_ROLES, Actor
from app.domain.areas import prefix
from app.domain.keyset import Page
from app.domain.ticket_flow import allowed_actions
from app.domain.ticket_state import TicketState
from app.domain.work_calendar import WorkCalendar
from app.models.area import Area
from app.models.enterprise import Enterprise
from app.models.ticket import Ticket
from services.paging import Order, SortKey, fetch_page
from services.tickets.decode import decode
from services.tickets.lights import light_of, lit, remaining_minutes
from services.tickets.queues import in_queue
from services.tickets.read_state import OWN_COLUMNS
from services.tickets.show import labelled, with_names
from services.tickets.terms import newest_calendar
from services.visibility import Condition, visible_tickets, within_area

SORTS: Mapping[str, Order] = {
    "due_at": Order("due_at", (SortKey(Ticket.due_at, is_nullable=True), SortKey(Ticket.id))),
    "-submitted_at": Order(
        "-submitted_at",
        (
            SortKey(Ticket.submitted_at, is_descending=True),
            SortKey(Ticket.id, is_descending=True),
        ),
    ),
    "-changed_at": Order(
        "-changed_at",
        (SortKey(Ticket.changed_at, is_descending=True), SortKey(Ticket.id, is_descending=True)),
    ),
}

_ALSO_SHOWN = ("title", "channel", "yellow_at", "due_at", "remaining_seconds", "limit_unit")
_LIST = with_names(
    *OWN_COLUMNS, *(Ticket.__table__.c[name] for name in (*_ALSO_SHOWN, "category_code"))
)
_SHOWN = (
    *("number", "title", "kind", "channel", "ticket_class", "area_code", "status", "step"),
    *("round", "version", "is_confidential", "submitted_at", "changed_at", "due_at", "yellow_at"),
)


def find_tickets(
    actor: Actor, filters: Mapping[str, Any], sort: str, page: Page, *, at: datetime
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of visible tickets. Raises `InvalidInput` for a queue or cursor that is not one."""
    query = _LIST.where(visible_tickets(actor), *_conditions(actor, filters, at))
    found = fetch_page(query, SORTS[sort], page)
    rows = [row._mapping for row in found.rows]
    calendar = newest_calendar()
    states = _states(actor, rows)
    items = [
        _item(actor, row, state, calendar, at=at) for row, state in zip(rows, states, strict=True)
    ]
    return items, found.next_cursor


def _item(
    actor: Actor,
    row: Mapping[Any, Any],
    state: TicketState,
    calendar: WorkCalendar,
    *,
    at: datetime,
) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _SHOWN},
        **labelled(row),
        "light": light_of(row, at=at),
        "remaining_minutes": remaining_minutes(row, calendar, at=at),
        "allowed_actions": allowed_actions(state, actor),
    }


def _states(actor: Actor, rows: Sequence[Mapping[Any, Any]]) -> list[TicketState]:
    """States good enough for `allowed_actions`: only units' rights hang on more than the row."""
    states = [decode(TicketState, row) for row in rows]
    if actor.role not in UNIT_ROLES or not rows:
        return states
    found = db.session.execute(
        _UNIT_RECORDS,
        {"tickets": [state.id for state in states], "unit": actor.organisation_id},
    ).mappings()
    own = {row["ticket_id"]: row for row in found}
    return [_with_unit(state, own.get(state.id)) for state in states]


_UNIT_RECORDS = sa.text(
    "SELECT a.ticket_id, to_json(a) AS assignment,"
    " (SELECT to_json(r) FROM replies r WHERE r.ticket_id = a.ticket_id AND r.round = a.round)"
    " AS reply FROM assignments a JOIN tickets t ON t.id = a.ticket_id AND t.round = a.round"
    " WHERE a.ticket_id = ANY (:tickets) AND a.organisation_id = :unit"
)


def _with_unit(state: TicketState, row: Mapping[Any, Any] | None) -> TicketState:
    if row is None:
        return state
    reply = decode(records.Reply, row["reply"]) if row["reply"] else None
    return replace(state, assignments=(decode(records.Assignment, row["assignment"]),), reply=reply)


def _conditions(actor: Actor, filters: Mapping[str, Any], at: datetime) -> list[Condition]:
    conditions = [
        make(filters[name]) for name, make in FILTERS.items() if filters.get(name) is not None
    ]
    if filters.get("queue"):
        conditions.append(in_queue(actor, filters["queue"]))
    if filters.get("light"):
        conditions.append(lit(filters["light"], at=at))
    return conditions


def _from(column: Any) -> Callable[[date], Condition]:
    return lambda day: column >= _midnight(day)


def _until(column: Any) -> Callable[[date], Condition]:
    return lambda day: column < _midnight(day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)


def _in_area(code: str) -> Condition:
    level = db.session.scalar(sa.select(Area.level).where(Area.code == code))
    return within_area(Ticket.area_code, prefix(code, level) if level else None)


def _containing(text: str) -> Condition:
    pattern = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return sa.or_(
        Ticket.number == text,
        Ticket.title.ilike(f"%{pattern}%"),
        Enterprise.name.ilike(f"%{pattern}%"),
    )


FILTERS: Mapping[str, Callable[[Any], Condition]] = {
    "status": lambda status: Ticket.status == status,
    "ticket_class": lambda ticket_class: Ticket.ticket_class == ticket_class,
    "kind": lambda kind: Ticket.kind == kind,
    "category": lambda code: Ticket.category_code == code,
    "area": _in_area,
    "organisation": lambda unit: Ticket.lead_organisation_id == unit,
    "enterprise": lambda enterprise: Ticket.enterprise_id == enterprise,
    "q": _containing,
    "submitted_from": _from(Ticket.submitted_at),
    "submitted_to": _until(Ticket.submitted_at),
    "accepted_from": _from(Ticket.accepted_at),
    "accepted_to": _until(Ticket.accepted_at),
    "completed_from": _from(Ticket.completed_at),
    "completed_to": _until(Ticket.completed_at),
    "due_from": _from(Ticket.due_at),
    "due_to": _until(Ticket.due_at),
}
