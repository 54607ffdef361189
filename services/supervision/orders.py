"""督办单: proposed, issued with an own deadline, answered by the unit, accepted or sent back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput, NotFound
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission
from app.domain.rules import Rule
from app.domain.supervision_flow import ORDERS, Deed, OrderState
from app.models.organisation import Organisation
from app.models.supervision import SupervisionOrder as Order
from app.models.supervision import SupervisionOrderEvent as OrderEvent
from app.models.ticket import Ticket
from services import audit
from services.supervision.tell import tell_supervisors, tell_unit
from services.tickets.terms import rules_at, working_days_after
from services.visibility.supervision import supervised
from services.visibility.tickets import visible_tickets


@dataclass(frozen=True, slots=True)
class OrderWish:
    """What a person proposes: an order on a ticket to a unit, and why."""

    ticket_number: str
    organisation_id: int
    grounds: str


TO_UNIT = frozenset({Deed.ISSUE, Deed.DENY_RETURN, Deed.GRANT_RETURN, Deed.SEND_BACK, Deed.ACCEPT})
TO_SUPERVISORS = frozenset({Deed.REPLY, Deed.ASK_RETURN})


def propose_order(actor: Actor, wish: OrderWish, *, at: datetime) -> int:
    """Propose an order on a visible ticket; its id. Raises `NotFound`, `InvalidInput`."""
    query = sa.select(Ticket.id, Ticket.round, Ticket.complained_organisation_ids).where(
        Ticket.number == wish.ticket_number, visible_tickets(actor)
    )
    ticket = db.session.execute(query).one_or_none()
    if ticket is None:
        raise NotFound
    _check_unit(wish.organisation_id, ticket.complained_organisation_ids)
    order = Order(
        ticket_id=ticket.id,
        round=ticket.round,
        organisation_id=wish.organisation_id,
        grounds=wish.grounds,
        proposed_by=actor.account_id,
        proposed_at=at,
        state=OrderState.SUBMITTED,
    )
    db.session.add(order)
    db.session.flush()
    _remember(actor, order, Deed.PROPOSE, wish.grounds, at=at)
    return order.id


def issue_order(
    actor: Actor, order_id: int, requirement: str, working_days: int | None, *, at: datetime
) -> None:
    """Send it to the unit with its own deadline. Raises `NotFound`, `SupervisionStateForbids`."""
    order = _locked(actor, Permission.MANAGE_ORDERS, order_id)
    days = working_days or rules_at(at=at)[Rule.ORDER_DAYS]
    due_at = working_days_after(at, days)
    order.requirement, order.issued_at, order.due_at = requirement, at, due_at
    _move(actor, order, Deed.ISSUE, requirement, at=at)


def answer_order(actor: Actor, order_id: int, deed: Deed, note: str, *, at: datetime) -> None:
    """The unit replies, or asks to return it. Raises `NotFound`, `SupervisionStateForbids`."""
    order = _locked(actor, Permission.ANSWER_ORDER, order_id)
    _move(actor, order, deed, note, at=at)


def manage_order(
    actor: Actor, order_id: int, deed: Deed, note: str | None, *, at: datetime
) -> None:
    """Rule on a return, review a reply, or close. Raises `NotFound`, `SupervisionStateForbids`."""
    order = _locked(actor, Permission.MANAGE_ORDERS, order_id)
    _move(actor, order, deed, note, at=at)


def close_order(actor: Actor, order: Order, note: str, *, at: datetime) -> None:
    """Close an order that has nothing to press for any more; the caller has locked it."""
    _move(actor, order, Deed.CLOSE, note, at=at)


def _move(actor: Actor, order: Order, deed: Deed, note: str | None, *, at: datetime) -> None:
    order.state = ORDERS.after(order.state, deed)
    if order.state == OrderState.CLOSED:
        order.closed_at = at
    db.session.flush()
    _remember(actor, order, deed, note, at=at)
    number = db.session.scalar(sa.select(Ticket.number).where(Ticket.id == order.ticket_id)) or ""
    if deed in TO_UNIT:
        tell_unit(MessageKind.ORDER_FOR_UNIT, number, order.organisation_id, at=at)
    elif deed in TO_SUPERVISORS:
        tell_supervisors(MessageKind.ORDER_ANSWERED, number, at=at)


def _remember(actor: Actor, order: Order, deed: Deed, note: str | None, *, at: datetime) -> None:
    event = OrderEvent(
        ticket_id=order.ticket_id,
        order_id=order.id,
        deed=deed,
        state=order.state,
        account_id=actor.account_id,
        actor_name=actor.name,
        note=note,
        at=at,
    )
    db.session.add(event)
    db.session.flush()
    audit.record(actor, f"order_{deed}", f"supervision_order:{order.id}")


def _locked(actor: Actor, permission: Permission, order_id: int) -> Order:
    within = supervised(actor, permission, Order.organisation_id)
    query = sa.select(Order).join(Ticket, Ticket.id == Order.ticket_id)
    if permission is Permission.ANSWER_ORDER:
        # A unit learns of an order when it is issued.
        query = query.where(Order.issued_at.is_not(None))
    order = db.session.scalars(
        query.where(Order.id == order_id, within).with_for_update(of=Order)
    ).one_or_none()
    if order is None:
        raise NotFound
    return order


def _check_unit(organisation_id: int, complained: Collection[int]) -> None:
    if organisation_id in complained:
        detail = "该件投诉的正是这个单位，不得向其督办。"
        raise InvalidInput([FieldError("/organisation_id", "complained-of", detail)])
    standing = sa.select(Organisation.id).where(
        Organisation.id == organisation_id, Organisation.closed_on.is_(None)
    )
    if db.session.scalar(standing) is None:
        detail = "没有这个单位，或已撤销。"
        raise InvalidInput([FieldError("/organisation_id", "unknown-organisation", detail)])
