"""Messages on their way to a phone: real notifications, with a delivery in any state."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.permissions import Permission
from app.models.delivery import Delivery
from tests.factories import make_binding, make_ticket

LEASE = timedelta(minutes=1)
DAY = timedelta(days=1)
TEMPLATE_ID = "template-accepted"


def make_delivery(
    state: str = "pending", *, send_at: datetime, openid: str | None = None, **changes: Any
) -> Delivery:
    """The message of an acceptance to its applicant's phone, brought into `state`."""
    case = make_ticket()
    binding = make_binding(case.cast.applicant, openid=openid)
    case.act(Permission.ACCEPT)
    mine = sa.select(Delivery).where(Delivery.binding_id == binding.id)
    delivery = db.session.scalars(mine).one()
    delivery.send_at, delivery.expires_at, delivery.state = send_at, send_at + DAY, state
    if state in {"failed", "unknown"}:
        delivery.reason = "no-answer"
    if state == "sending":
        delivery.leased_until = clock.real() + LEASE
    if state != "pending":
        delivery.template_id = TEMPLATE_ID
    for name, value in changes.items():
        setattr(delivery, name, value)
    db.session.flush()
    return delivery
