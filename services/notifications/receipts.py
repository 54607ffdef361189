"""送达回执: the platform's own word, pushed later, on whether a message reached the phone.

An attempt is open while `claimed_at` stands, nobody knows what became of it, and no event has told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import sealing
from app.db import db
from app.domain.delivery import DeliveryState, Reason
from app.models.delivery import Delivery
from app.models.wechat import WechatBinding
from services.notifications import digests, quotas
from services.notifications.deliver import Claim

UNANSWERED = (DeliveryState.SENDING, DeliveryState.UNKNOWN)

TOLD_WITHIN = timedelta(minutes=15)
"""So long after the claim an event may still be about it."""

APART = timedelta(seconds=10)
"""An event's time is in whole seconds, and the platform's clock is not ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEvent:
    """What the platform says: who was sent a message of which template, and whether it arrived.

    `provider_id` is the message's id as the answer to the send gave it; `told_at` when the platform
    made the event.
    """

    appid: str
    openid: str = field(repr=False)
    template_id: str
    provider_id: str | None
    is_delivered: bool
    told_at: datetime


def settle_by_event(event: SentEvent, *, at: datetime) -> bool:
    """Record the event with the message it is about; False when it is about none of ours.

    Without a message of that id, it is about the open attempt that was begun last before it, within
    a quarter of an hour. Told twice, nothing more happens. `at` is real time.
    """
    people = _locked_people(event)
    known = _of_its_id(event, people)
    if known is not None:
        if known.state == DeliveryState.SENT and not event.is_delivered:
            record_lost(known, event.provider_id, at=at)
        return True
    delivery = _open_before(event, people)
    if delivery is None:
        return False
    if delivery.state not in UNANSWERED:
        quotas.hold_again(*_booking(delivery))
    if event.is_delivered:
        _record_delivered(delivery, event.provider_id, at)
    else:
        record_lost(delivery, event.provider_id, at=at)
    return True


def _locked_people(event: SentEvent) -> Sequence[int]:
    """The bindings of the openid, past ones too; locked.

    Whoever was settling a message of theirs is done by then, so that its id is there to be found.
    """
    query = (
        sa.select(WechatBinding.id)
        .where(
            WechatBinding.appid == event.appid,
            WechatBinding.openid_hash == sealing.fingerprint(event.openid),
        )
        .order_by(WechatBinding.id)
        .with_for_update(key_share=True)
    )
    return db.session.scalars(query).all()


def _of_its_id(event: SentEvent, people: Sequence[int]) -> Delivery | None:
    if not event.provider_id:
        return None
    return _first(_of(people, event.template_id).where(Delivery.provider_id == event.provider_id))


def _open_before(event: SentEvent, people: Sequence[int]) -> Delivery | None:
    is_open = sa.and_(Delivery.state != DeliveryState.SENT, Delivery.provider_id.is_(None))
    near = Delivery.claimed_at.between(event.told_at - TOLD_WITHIN, event.told_at + APART)
    latest_first = Delivery.claimed_at.desc(), Delivery.id.desc()
    return _first(_of(people, event.template_id).where(is_open, near).order_by(*latest_first))


def _of(people: Sequence[int], template_id: str) -> sa.Select[Delivery]:
    return sa.select(Delivery).where(
        Delivery.binding_id.in_(people), Delivery.template_id == template_id
    )


def _first(query: sa.Select[Delivery]) -> Delivery | None:
    """The first one as it stands, ours until the transaction ends."""
    locking = query.limit(1).with_for_update(key_share=True)
    return db.session.scalar(locking, execution_options={"populate_existing": True})


def _booking(delivery: Delivery) -> tuple[int, str, int]:
    return delivery.binding_id or 0, delivery.template_id or "", delivery.id


def _record_delivered(delivery: Delivery, provider_id: str | None, at: datetime) -> None:
    delivery.state, delivery.reason, delivery.leased_until = DeliveryState.SENT, None, None
    delivery.sent_at, delivery.provider_id = at, provider_id
    db.session.flush()
    digests.follow(delivery.id)


def record_lost(delivery: Delivery, provider_id: str | None, *, at: datetime) -> None:
    """It was accepted and then lost on the platform's side: no consent was consumed.

    What waits to be sent again, or was dropped meanwhile, stays what it is.
    """
    if delivery.state in (*UNANSWERED, DeliveryState.SENT):
        delivery.state, delivery.reason = DeliveryState.FAILED, Reason.NOT_DELIVERED
        delivery.leased_until, delivery.sent_at = None, None
    delivery.provider_id = provider_id
    db.session.flush()
    digests.follow(delivery.id)
    quotas.give_back(*_booking(delivery), at=at)


def take_over(claimed: Claim, provider_id: str, *, at: datetime) -> None:
    """The answer says that the message of this id is the claim's, which is recorded as sent.

    An event that came before the answer was taken for another message of the person's: that one is
    as before again, and what the event said holds for this one. `at` is real time.
    """
    same = _of([claimed.binding_id], claimed.template_id).where(
        Delivery.provider_id == provider_id, Delivery.id != claimed.delivery_id
    )
    mistaken = _first(same)
    if mistaken is None:
        return
    was_lost = mistaken.state != DeliveryState.SENT
    _restore(mistaken, at)
    if was_lost:
        own = db.session.get_one(Delivery, claimed.delivery_id, populate_existing=True)
        record_lost(own, provider_id, at=at)


def _restore(delivery: Delivery, at: datetime) -> None:
    """Nobody knows again what became of it; its consent counts as spent again, if one is left."""
    is_told_of = delivery.state == DeliveryState.SENT or delivery.reason == Reason.NOT_DELIVERED
    delivery.provider_id = None
    if is_told_of:
        delivery.state, delivery.reason = DeliveryState.UNKNOWN, Reason.NO_ANSWER
        delivery.sent_at = None
    db.session.flush()
    digests.follow(delivery.id)
    quotas.reserve(*_booking(delivery), at=at)
    if not is_told_of:
        quotas.let_go(delivery.id)
