"""A ticket that its unit is late with, and those who watch."""

from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.keyset import Page
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind, Rung
from app.domain.vocabulary import Status
from app.models.notification import Notification
from app.models.supervision import Card, SupervisionOrder
from jobs.supervise import supervise
from jobs.watch_deadlines import watch_deadlines
from services.supervision import orders
from tests.domain.calendars import local
from tests.factories import Case, make_ticket

ALL = Page(100, None)
RED_AT, ORDER_AT = local("2026-06-09 09:00"), local("2026-06-10 17:30")
BULLETIN_AT, ESCALATION_AT = local("2026-06-15 17:30"), local("2026-06-23 17:30")


def watch(*instants: datetime) -> None:
    for at in instants:
        with clock.frozen(at):
            watch_deadlines()


def swept(at: datetime) -> None:
    with clock.frozen(at):
        assert supervise().failures == 0
    db.session.expire_all()


def handled() -> Case:
    """A ticket that its unit has, due on Monday the 8th at closing time."""
    case = make_ticket(Status.HANDLING)
    case.act(Act.FIRST_CONTACT)
    return case


def of_unit(case: Case, rung: Rung) -> Card:
    query = sa.select(Card).where(
        Card.ticket_id == case.ticket.id,
        Card.clock == ClockKind.ASSIGNMENT,
        Card.rung == rung,
        Card.state != "void",
    )
    return db.session.scalars(query).one()


def order_of(case: Case) -> SupervisionOrder:
    query = sa.select(SupervisionOrder).where(SupervisionOrder.ticket_id == case.ticket.id)
    return db.session.scalars(query).one()


def told(kind: str) -> set[int]:
    return set(db.session.scalars(sa.select(Notification.account_id).filter_by(kind=kind)))


def issued() -> tuple[Case, SupervisionOrder]:
    case = handled()
    watch(RED_AT, ORDER_AT)
    order = order_of(case)
    orders.issue_order(case.cast.supervisor.actor, order.id, "请说明情况", None, at=ORDER_AT)
    return case, order
