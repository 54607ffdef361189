"""督办单的展示: orders with their history, and whom at the unit to speak to."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.late_rungs import RUNG_LABELS
from app.domain.permissions import Permission, Scope, scope_of
from app.domain.sla_clock import Rung
from app.domain.supervision_flow import DEED_LABELS, ORDERS, Deed, OrderState
from app.models.organisation import Organisation
from app.models.sla import SlaClock
from app.models.supervision import SupervisionOrder as Order
from app.models.supervision import SupervisionOrderEvent as OrderEvent
from app.models.ticket import Ticket
from services.directory.find_organisations import get_organisation
from services.paging import descending, fetch_page
from services.visibility.asking import Condition
from services.visibility.supervision import supervised

NEWEST_FIRST = descending("newest-order", Order.id)

_TOLD = (
    *("id", "round", "clock", "organisation_id", "grounds", "proposed_at", "state"),
    *("requirement", "issued_at", "due_at", "closed_at"),
)
_LATE_RUNG = (
    sa.select(SlaClock.late_rung)
    .where(
        SlaClock.ticket_id == Order.ticket_id,
        SlaClock.round == Order.round,
        SlaClock.kind == Order.clock,
        sa.or_(
            SlaClock.organisation_id == Order.organisation_id, SlaClock.organisation_id.is_(None)
        ),
    )
    .order_by(SlaClock.organisation_id.nulls_last())
    .limit(1)
    .scalar_subquery()
    .label("late_rung")
)


def list_orders(
    actor: Actor, state: OrderState | None, page: Page
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of the orders within reach, newest first, and the next cursor."""
    query = _orders(actor)
    if state is not None:
        query = query.where(Order.state == state)
    found = fetch_page(query, NEWEST_FIRST, page)
    return [_shown(row) for row in found.rows], found.next_cursor


def get_order(actor: Actor, order_id: int) -> dict[str, Any]:
    """One order with its history and the unit's contacts. Raises `NotFound`.

    The deputy leader is named once lateness has climbed that high.
    """
    row = db.session.execute(_orders(actor).where(Order.id == order_id)).one_or_none()
    if row is None:
        raise NotFound
    unit = get_organisation(actor, row.organisation_id)
    is_escalated = row.late_rung == Rung.ESCALATION
    leader = unit.deputy_leader if is_escalated else None
    return _shown(row) | {
        "history": _history(order_id),
        "unit_head": asdict(unit.unit_head) if unit.unit_head else None,
        "deputy_leader": asdict(leader) if leader else None,
    }


def _history(order_id: int) -> list[dict[str, Any]]:
    query = sa.select(
        OrderEvent.deed, OrderEvent.state, OrderEvent.actor_name, OrderEvent.note, OrderEvent.at
    )
    rows = db.session.execute(query.where(OrderEvent.order_id == order_id).order_by(OrderEvent.id))
    return [{**row._mapping, "deed_label": DEED_LABELS[Deed(row.deed)]} for row in rows]


def _orders(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            *(Order.__table__.c[name] for name in _TOLD),
            _LATE_RUNG,
            Ticket.number.label("ticket_number"),
            Organisation.name.label("organisation_name"),
        )
        .select_from(Order)
        .join(Ticket, Ticket.id == Order.ticket_id)
        .join(Organisation, Organisation.id == Order.organisation_id)
        .where(_visible(actor))
    )


def _visible(actor: Actor) -> Condition:
    """A unit learns of an order when it is issued."""
    within = supervised(actor, Permission.READ_ORDERS, Order.organisation_id)
    if scope_of(actor, Permission.READ_ORDERS) is Scope.UNIT:
        return sa.and_(within, Order.issued_at.is_not(None))
    return within


def _shown(row: sa.Row[*tuple[Any, ...]]) -> dict[str, Any]:
    order = {name: getattr(row, name) for name in (*_TOLD, "ticket_number", "organisation_name")}
    reached = row.late_rung
    return order | {
        "state_label": ORDERS.labels[order["state"]],
        "late_rung": reached,
        "late_rung_label": reached and RUNG_LABELS[Rung(reached)],
    }
