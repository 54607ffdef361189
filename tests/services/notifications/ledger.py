"""Deliveries to spend consents on, and the law of the ledger."""

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.models.delivery import Delivery
from app.models.notification import Notification
from app.models.subscription import WechatQuota, WechatQuotaEntry
from app.models.wechat import WechatBinding
from tests.factories import MONDAY, Case, make_account, make_ticket


def make_deliveries(binding: WechatBinding, count: int = 1, case: Case | None = None) -> list[int]:
    """The ids of deliveries to the phone of `binding`, each of a message of its own."""
    ticket = (case or make_ticket()).ticket
    return [_delivery(binding, ticket.id) for _ in range(count)]


def _delivery(binding: WechatBinding, ticket_id: int) -> int:
    told = Notification(
        ticket_id=ticket_id,
        event_seq=1,
        account_id=make_account(Role.AUDITOR).account.id,
        channel="inbox",
        kind="accepted",
        title="受理通知",
        body="诉求已受理",
        created_at=MONDAY,
    )
    db.session.add(told)
    db.session.flush()
    delivery = Delivery(
        notification_id=told.id,
        binding_id=binding.id,
        template="受理通知",
        rank=60,
        send_at=MONDAY,
        expires_at=MONDAY,
    )
    db.session.add(delivery)
    db.session.flush()
    return delivery.id


def remaining(binding_id: int, template_id: str) -> int:
    """What the quota says is left, after comparing it with the sum of its entries."""
    key = {"binding_id": binding_id, "template_id": template_id}
    query = sa.select(WechatQuota).filter_by(**key).execution_options(populate_existing=True)
    quota = db.session.scalars(query).one_or_none()
    left = quota.remaining if quota else 0
    changes = [change for _, change in entries(binding_id, template_id)]
    assert left == sum(changes), changes
    return left


def entries(binding_id: int, template_id: str) -> list[tuple[str, int]]:
    """(reason, change) of every entry, oldest first."""
    query = (
        sa.select(WechatQuotaEntry.reason, WechatQuotaEntry.change)
        .filter_by(binding_id=binding_id, template_id=template_id)
        .order_by(WechatQuotaEntry.id)
    )
    return [(reason, change) for reason, change in db.session.execute(query)]
