"""The history of a ticket as its reader may see it."""

from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import labels
from app.domain.actor import Actor
from app.domain.disclosure import inner_facts, public_facts
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission, may
from app.models.organisation import Organisation
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.paging import ascending, fetch_page
from services.visibility import visible_tickets

_EVENTS = sa.select(
    *(TicketEvent.__table__.c[name] for name in ("seq", "round", "action", "from_status")),
    *(TicketEvent.__table__.c[name] for name in ("to_status", "at", "actor_name", "role", "facts")),
    Organisation.name.label("organisation_name"),
).outerjoin(Organisation, Organisation.id == TicketEvent.organisation_id)
ORDER = ascending("seq", TicketEvent.seq)


def list_events(actor: Actor, number: str, page: Page) -> tuple[list[dict[str, Any]], str | None]:
    """Events in order. An enterprise reads the public ones, and of these what concerns it.

    Raises `NotFound` for a ticket that is not visible.
    """
    ticket_id = db.session.scalar(
        sa.select(Ticket.id).where(Ticket.number == number, visible_tickets(actor))
    )
    if ticket_id is None:
        raise NotFound
    query = _EVENTS.where(TicketEvent.ticket_id == ticket_id)
    is_inner = may(actor, Permission.READ_INTERNAL_EVENTS)
    if not is_inner:
        query = query.where(TicketEvent.is_public)
    found = fetch_page(query, ORDER, page)
    return [_shown(row, is_inner=is_inner) for row in found.rows], found.next_cursor


def _shown(row: sa.Row[Any], *, is_inner: bool) -> dict[str, Any]:
    action = Permission(row.action)
    return {
        "seq": row.seq,
        "round": row.round,
        "action": row.action,
        "action_label": labels.ACTION[action],
        "from_status": row.from_status,
        "to_status": row.to_status,
        "at": row.at,
        "actor_name": row.actor_name if is_inner else None,
        "role": row.role,
        "role_label": labels.ROLE[row.role],
        "organisation_name": row.organisation_name,
        "facts": inner_facts(row.facts) if is_inner else public_facts(action, row.facts),
    }
