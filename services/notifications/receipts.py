"""送达回执: the platform's own word, pushed later, on whether a message reached the phone."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app import sealing
from app.db import db
from app.domain.delivery import DeliveryState, Reason
from app.models.delivery import Delivery
from app.models.wechat import WechatBinding
from services.notifications import quotas

OPEN = (DeliveryState.SENDING, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEvent:
    """What the platform says: who was sent a message of which template, and whether it arrived.

    `provider_id` is the message's id as the answer to the send gave it.
    """

    appid: str
    openid: str
    template_id: str
    provider_id: str | None
    is_delivered: bool


def settle_by_event(event: SentEvent, *, at: datetime) -> bool:
    """Record the event with the message it is about; False when it is about none of ours.

    Without a message of that id, it is about the oldest one to the person whose outcome is open.
    Told twice, nothing more happens. `at` is real time.
    """
    delivery = _of_its_id(event) or _oldest_open(event)
    if delivery is None:
        return False
    if event.is_delivered:
        _record_delivered(delivery, event.provider_id, at)
    else:
        _record_lost(delivery, event, at)
    return True


def _of_its_id(event: SentEvent) -> Delivery | None:
    if not event.provider_id:
        return None
    return _locked(event, Delivery.provider_id == event.provider_id)


def _oldest_open(event: SentEvent) -> Delivery | None:
    return _locked(event, Delivery.state.in_(OPEN))


def _locked(event: SentEvent, *conditions: sa.ColumnElement[bool]) -> Delivery | None:
    """The oldest delivery under the conditions, ours until the transaction ends."""
    query = (
        sa.select(Delivery)
        .join(WechatBinding, WechatBinding.id == Delivery.binding_id)
        .where(
            WechatBinding.appid == event.appid,
            WechatBinding.openid_hash == sealing.fingerprint(event.openid),
            Delivery.template_id == event.template_id,
            *conditions,
        )
        .order_by(Delivery.id)
        .limit(1)
        .with_for_update(of=Delivery, key_share=True)
    )
    return db.session.scalar(query, execution_options={"populate_existing": True})


def _record_delivered(delivery: Delivery, provider_id: str | None, at: datetime) -> None:
    if delivery.state not in OPEN:
        return
    delivery.state, delivery.reason, delivery.leased_until = DeliveryState.SENT, None, None
    delivery.sent_at, delivery.provider_id = at, provider_id
    db.session.flush()


def _record_lost(delivery: Delivery, event: SentEvent, at: datetime) -> None:
    """It was accepted and then lost on the platform's side: no consent was consumed."""
    if delivery.state not in (*OPEN, DeliveryState.SENT):
        return
    delivery.state, delivery.reason = DeliveryState.FAILED, Reason.NOT_DELIVERED
    delivery.leased_until, delivery.provider_id = None, event.provider_id
    db.session.flush()
    quotas.give_back(delivery.binding_id, event.template_id, delivery.id, at=at)
