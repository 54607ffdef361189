"""投递: claim a message, send it with no transaction open; `settle` records what became of it.

The platform has no way to ask later, so whatever may have been sent is never sent again by itself.
A claim is a lease; a worker that is lost with it leaves `unknown`. Leases and consents are in real
time, `at` is business time unless said otherwise. The caller's transactions are used.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.db import db
from app.domain.delivery import DeliveryState, Reason
from app.domain.digests import Hold, Limits
from app.domain.phone_forms import PAGE, WORK_QUEUE, Template
from app.domain.quiet_hours import next_opening
from app.domain.retry import Failure
from app.domain.work_calendar import WorkCalendar, local_time
from app.models.delivery import Delivery
from app.models.wechat import WechatBinding
from app.sealing import Unsealable, unseal
from services.gateways.wechat import PhoneMessage
from services.gateways.wechat_errors import Call, WeChatError
from services.gateways.wechat_programs import Programs
from services.notifications import digests, quotas, usual_way
from services.notifications.due import Due
from services.notifications.quotas import Reservation
from services.notifications.recipients import present_binding

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
"""Longer than the gateway takes at the worst: twice a token, waited for and fetched, and a send."""

LAST_CALL = timedelta(seconds=30)
"""What is left of a lease at least when the platform is called."""

_WITHOUT_CONSENT = {Reservation.NONE: Reason.NO_CONSENT, Reservation.KEPT: Reason.KEPT}


@dataclass(frozen=True, slots=True)
class Worker:
    """Who sends: the process ("host:pid"), for which mini-programs, quiet by which calendar.

    `limits`: how often it may ring for an official.
    """

    name: str
    appids: frozenset[str]
    calendar: WorkCalendar
    limits: Limits


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is ours to send. `worker` names this very claim; `openid` is sealed.

    `rung_on`: the local day on which it rings for an official.
    """

    delivery_id: int
    binding_id: int
    appid: str
    template: Template
    template_id: str
    worker: str
    leased_until: datetime
    rung_on: date | None
    number: str
    openid: bytes = field(repr=False)
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform accepted the message; `provider_id` is its id of it, if it gave one."""

    provider_id: str | None


@dataclass(frozen=True, slots=True)
class NotSent:
    """It did not, or nobody knows; `meaning` says to people what that means."""

    failure: Failure
    meaning: str


Result: TypeAlias = Sent | NotSent


def claim(worker: Worker, due: Due, *, at: datetime) -> Claim | None:
    """Take what `next_due` found, its consent booked; None when it does not go out now.

    What has expired, is no longer true, or has no consent left is dropped: it stays in the inbox.
    What must not ring now waits for the next opening, and may be merged there. What was for a
    binding that another one has replaced goes to that one, in its turn.
    """
    opening = at if due.rings_always else next_opening(worker.calendar, at=at)
    if not due.is_bound and _follow(due):
        return None
    reason = _why_not(worker, due, opening)
    if reason is not None:
        _fail(due, reason)
    elif opening > at:
        _put(Delivery.id == due.delivery_id, send_at=opening, hold=due.hold or Hold.HELD)
    elif not digests.set_aside(due, worker.limits, worker.calendar, at=at):
        return _take_with_consent(worker, due, at=at)
    return None


def send(programs: Programs, claimed: Claim) -> Result:
    """Call the platform, once, by the claim's mini-program. No transaction may be open.

    Nothing is sent late in the lease, when others may soon believe that this worker was lost.
    """
    if clock.real() > claimed.leased_until - LAST_CALL:
        return NotSent(Failure("retry"), "领取后耽搁过久，没有发送。")
    try:
        return Sent(programs[claimed.appid].send(_message(claimed)) or None)
    except WeChatError as error:
        failure = Failure(error.action, error.errcode, is_of_token=error.call is Call.CREDENTIAL)
        return NotSent(failure, error.detail)
    except Unsealable as error:
        return NotSent(Failure("drop"), error.detail)
    except SQLAlchemyError as error:
        # The database is asked for the token alone, before the message is sent.
        log.warning("delivery %s not sent: %s", claimed.delivery_id, type(error).__name__)
        return NotSent(Failure("retry"), "读取接口调用凭据失败，没有发送。")


def release_lapsed(*, at: datetime) -> int:
    """Claims whose worker was lost become unknown; how many. `at` is real time."""
    is_ours = Delivery.binding_id.is_not(None)
    is_lapsed = sa.and_(_is(DeliveryState.SENDING), is_ours, Delivery.leased_until <= at)
    unknown = {"state": DeliveryState.UNKNOWN, "reason": Reason.WORKER_LOST, "leased_until": None}
    return _put(_free(is_lapsed), **unknown)


def drop_expired(*, at: datetime) -> int:
    """What waited until it was of no use any more fails, by either channel; how many."""
    is_expired = sa.and_(_is(DeliveryState.PENDING), Delivery.expires_at <= at)
    is_clear = Delivery.doubtful_since.is_(None)
    dropped = {
        "state": sa.case((is_clear, DeliveryState.FAILED), else_=DeliveryState.UNKNOWN),
        "reason": sa.case((is_clear, Reason.EXPIRED), else_=Reason.NO_ANSWER),
    }
    dropping = sa.update(Delivery).where(_free(is_expired)).values(dropped)
    gone = db.session.scalars(dropping.returning(Delivery.id)).all()
    if gone:
        digests.follow(*gone)
    return len(gone)


def _follow(due: Due) -> bool:
    """Hand it over to the present binding of its recipient; whether there is one."""
    present = present_binding()
    is_elsewhere = sa.and_(Delivery.id == due.delivery_id, present.is_not(None))
    # No event about an attempt before comes there.
    of_before = dict.fromkeys(("template_id", "provider_id", "claimed_at"))
    is_there = bool(_put(is_elsewhere, binding_id=present, **of_before))
    if is_there and due.is_digest:
        digests.take_along(due.delivery_id)
    return is_there


def _fail(due: Due, reason: Reason) -> None:
    _put(Delivery.id == due.delivery_id, state=DeliveryState.FAILED, reason=reason)
    if due.is_digest:
        digests.follow(due.delivery_id)


def _take_with_consent(worker: Worker, due: Due, *, at: datetime) -> Claim | None:
    claimed = _claim_of(worker, due, at)
    if _taken_as_usual(due, claimed):
        return claimed
    reservation = _reserve(due)
    if reservation.may_send:
        _take(claimed)
        return claimed
    if due.is_digest:
        digests.dissolve(due.delivery_id, at=at)
    else:
        _fail(due, _WITHOUT_CONSENT[reservation])
    return None


def _why_not(worker: Worker, due: Due, opening: datetime) -> Reason | None:
    if not due.is_bound or due.appid not in worker.appids:
        return Reason.UNBOUND
    if due.expires_at <= opening:
        return Reason.EXPIRED
    return None if due.is_true else Reason.OUTDATED


def _reserve(due: Due) -> Reservation:
    return quotas.reserve(
        *(due.binding_id, due.template_id, due.delivery_id),
        kept_for=due.more_important,
        at=clock.real(),
    )


def _claim_of(worker: Worker, due: Due, at: datetime) -> Claim:
    return Claim(
        delivery_id=due.delivery_id,
        binding_id=due.binding_id,
        appid=due.appid,
        template=due.template,
        template_id=due.template_id,
        worker=f"{worker.name}/{secrets.token_hex(4)}",
        leased_until=clock.real() + LEASE,
        rung_on=local_time(at).date() if due.is_official else None,
        number=due.number,
        openid=due.openid,
        fields=_keyed(due),
    )


def _taken_as_usual(due: Due, claimed: Claim) -> bool:
    return not due.is_reserved and usual_way.book_and_take(
        (due.binding_id, due.template_id, due.delivery_id),
        (claimed.worker, claimed.leased_until, claimed.rung_on),
        kept_for=due.more_important,
        at=claimed.leased_until - LEASE,
    )


def _take(claimed: Claim) -> None:
    _put(
        Delivery.id == claimed.delivery_id,
        state=DeliveryState.SENDING,
        worker=claimed.worker,
        claimed_at=claimed.leased_until - LEASE,
        leased_until=claimed.leased_until,
        attempts=Delivery.attempts + 1,
        template_id=claimed.template_id,
        provider_id=None,
        rung_on=claimed.rung_on,
    )
    busy = sa.update(WechatBinding).where(WechatBinding.id == claimed.binding_id)
    db.session.execute(busy.values(busy_until=claimed.leased_until))


def _keyed(due: Due) -> dict[str, str]:
    """The fields by the keys of the account's template; the platform refuses what is missing."""
    keys = due.field_keys
    return {keys[label]: text for label, text in due.fields.items() if label in keys}


def _message(claimed: Claim) -> PhoneMessage:
    return PhoneMessage(
        openid=unseal(claimed.openid, "wechat_bindings.openid"),
        template_id=claimed.template_id,
        page=PAGE.format(claimed.number) if claimed.number else WORK_QUEUE,
        fields=claimed.fields,
    )


def _free(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The rows under a condition that nobody else is at; the others come another time."""
    ids = sa.select(Delivery.id).where(condition)
    locked = ids.with_for_update(key_share=True, skip_locked=True)
    # An array is made first, and found by the primary key; IN would be joined to the whole table.
    return Delivery.id == sa.any_(sa.func.array(locked.scalar_subquery()))


def _is(state: DeliveryState) -> sa.ColumnElement[bool]:
    """A constant of the statement, for only then do the partial indexes answer."""
    return Delivery.state == sa.literal_column(f"'{state}'")


def _put(condition: sa.ColumnElement[bool], **values: Any) -> int:
    changing = sa.update(Delivery).where(condition).values(values).returning(Delivery.id)
    return len(db.session.execute(changing).all())
