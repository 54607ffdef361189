"""The history of a ticket as its reader may see it."""

from functools import cache
from typing import Any

import sqlalchemy as sa

from app.domain import labels
from app.domain.actor import ENTERPRISE_ROLES, Actor
from app.domain.disclosure import KEPT_FROM_HANDLERS, OVERSEERS, inner_facts, public_facts
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.permissions import GRANTS, Permission, Scope
from app.domain.veil import veiled_facts
from app.models.account import GONE, Account
from app.models.organisation import Organisation
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from app.prepared import Prepared
from services.paging import ascending, cut, position, slice_of
from services.tickets.show import is_nameless_to
from services.visibility.asking import NOTHING, AnyActor, Condition, any_actor, values_of
from services.visibility.content_checks import is_event_veiled
from services.visibility.tickets import visible_tickets

ORDER = ascending("seq", TicketEvent.seq)
AFTER = sa.bindparam("after", type_=sa.Integer)
FROM_THE_BEGINNING = 0

_HAS_LEFT = sa.exists().where(Account.id == TicketEvent.account_id, Account.closed_at.is_not(None))
_ACTOR_NAME = sa.case((_HAS_LEFT, GONE), else_=TicketEvent.actor_name)
"""The history itself is chained and stays; who has left for good is not shown any more."""

_COLUMNS = (
    *(TicketEvent.__table__.c[name] for name in ("seq", "round", "action", "from_status")),
    *(TicketEvent.__table__.c[name] for name in ("to_status", "at", "role", "facts")),
    _ACTOR_NAME.label("actor_name"),
    Organisation.name.label("organisation_name"),
    Ticket.is_anonymous,
)


def list_events(actor: Actor, number: str, page: Page) -> tuple[list[dict[str, Any]], str | None]:
    """Events in order. An enterprise reads the public ones, and of these what concerns it.

    Who only helps reads the same, all of what the own unit did or was reminded of, and the notes.

    Raises `NotFound` for a ticket that is not visible.
    """
    after = position(ORDER, page) or [FROM_THE_BEGINNING]
    values = values_of(actor) | {"number": number, "after": after[0]}
    rows = _prepared(any_actor(actor), page.limit).execute(values)
    if not rows:
        raise NotFound
    # A ticket without an event on this page is one row of NULLs.
    found = slice_of([row for row in rows if row.seq is not None], ORDER, page)
    return [_shown(row, actor) for row in found.rows], found.next_cursor


@cache
def _prepared(who: AnyActor, limit: int) -> Prepared:
    """The ticket, with those of its events that the reader may read, behind the last page."""
    inner = _inner(who)
    of_ticket = TicketEvent.ticket_id == Ticket.id, TicketEvent.seq > AFTER
    told = sa.or_(TicketEvent.is_public.is_(True), inner)
    query = (
        sa.select(*_COLUMNS, inner.label("is_inner"), is_event_veiled(who).label("is_veiled"))
        .select_from(Ticket)
        .outerjoin(TicketEvent, sa.and_(*of_ticket, told))
        .outerjoin(Organisation, Organisation.id == TicketEvent.organisation_id)
        .where(Ticket.number == sa.bindparam("number", type_=sa.Text), visible_tickets(who))
    )
    return Prepared(cut(query, ORDER, limit, None))


def _inner(who: AnyActor) -> Condition:
    """Which events the reader knows from inside: none, those about the own unit, or all."""
    scope = GRANTS[Permission.READ_INTERNAL_EVENTS].get(who.role)
    if scope is Scope.CO_UNIT:
        about = sa.cast(TicketEvent.facts["organisation_id"].astext, sa.BigInteger)
        own = who.organisation_id
        is_own = sa.func.coalesce(sa.or_(TicketEvent.organisation_id == own, about == own), False)
        is_note = TicketEvent.action == Permission.COMMENT
        return sa.and_(sa.or_(is_own, is_note), TicketEvent.action.not_in(KEPT_FROM_HANDLERS))
    if scope is None:
        return NOTHING
    return sa.true() if who.role in OVERSEERS else TicketEvent.action.not_in(KEPT_FROM_HANDLERS)


def _shown(row: Any, actor: Actor) -> dict[str, Any]:
    action, is_inner = Permission(row.action), row.is_inner
    is_kept = is_nameless_to(actor.role, is_anonymous=row.is_anonymous)
    is_nameless = is_kept and row.role in ENTERPRISE_ROLES
    told = inner_facts(row.facts) if is_inner else public_facts(action, row.facts)
    return {
        "seq": row.seq,
        "round": row.round,
        "action": row.action,
        "action_label": labels.ACTION[action],
        "from_status": row.from_status,
        "to_status": row.to_status,
        "at": row.at,
        "actor_name": row.actor_name if is_inner and not is_nameless else None,
        "role": row.role,
        "role_label": labels.ROLE[row.role],
        "organisation_name": row.organisation_name,
        "facts": veiled_facts(action, told) if row.is_veiled else told,
    }
