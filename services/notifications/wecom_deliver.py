"""企业微信投递: claim a message, send it with no transaction open; `wecom_settle` records the rest.

What cannot be brought here for good goes to the mini-program, in the transaction that says so: a
message has one row, and goes one way at a time. Leases, doubts and limits are in real time, `at` is
business time unless said otherwise. The caller's transactions are used.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.db import db
from app.domain.delivery import DeliveryState, Reason
from app.domain.digests import Hold, Limits
from app.domain.phone_forms import Template
from app.domain.quiet_hours import next_opening
from app.domain.retry import Failure
from app.domain.wecom_letters import letter_of
from app.domain.work_calendar import WorkCalendar, local_time
from app.models.delivery import Delivery
from app.sealing import Unsealable, unseal
from services.gateways.wecom import WeCom
from services.gateways.wecom_errors import WeComCall, WeComError
from services.notifications import digests
from services.notifications.deliver import LAST_CALL, LEASE, NotSent, Result, Sent
from services.notifications.recipients import present_member, present_phone
from services.notifications.wecom_due import WecomDue, note_send

log = logging.getLogger(__name__)

UNRUNG = sa.case((Delivery.doubtful_since.is_not(None), Delivery.rung_on))
"""The day on which a message rang that was not taken: none, unless it may have been shown."""


@dataclass(frozen=True, slots=True)
class WecomWorker:
    """Who sends: the process ("host:pid"), to whose members, quiet by which calendar.

    `limits`: how often it may ring for an official.
    """

    name: str
    corp_id: str
    calendar: WorkCalendar
    limits: Limits


@dataclass(frozen=True, slots=True)
class WecomClaim:
    """A message that is ours to send. `worker` names this very claim; `userid` is sealed.

    `rung_on`: the local day on which it rings for an official.
    """

    delivery_id: int
    notification_id: int
    corp_id: str
    template: Template
    worker: str
    claimed_at: datetime
    leased_until: datetime
    rung_on: date | None
    number: str
    userid: bytes = field(repr=False)
    fields: Mapping[str, str] = field(repr=False)


def claim(worker: WecomWorker, due: WecomDue, *, at: datetime) -> WecomClaim | None:
    """Take what `next_due` found; None when it does not go out now.

    What has expired or is no longer true is dropped. What must not ring now waits, and may be
    merged then; so does what is for a member who was written to too often. What may have been shown
    already goes in the same words, but longer ago than the platform remembers it stays unknown.
    """
    real = clock.real()
    opening = at if due.rings_always else next_opening(worker.calendar, at=at)
    if due.doubt.is_over(at=real):
        fail(due.delivery_id, Reason.NO_ANSWER)
    elif not due.is_bound or due.corp_id != worker.corp_id:
        _unbound(due, at=at)
    elif reason := _why_not(due, opening):
        fail(due.delivery_id, reason)
    elif opening > at:
        _put(due.delivery_id, send_at=opening, hold=due.hold or Hold.HELD)
    elif not _is_set_aside(worker, due, at):
        if due.free_at is None:
            return _take(worker, due, at=at)
        _put(due.delivery_id, send_at=at + (due.free_at - real))
    return None


def send(wecom: WeCom, claimed: WecomClaim) -> Result:
    """Call the platform, once. No transaction may be open.

    Nothing is sent late in the lease, when others may soon believe that this worker was lost.
    """
    if clock.real() > claimed.leased_until - LAST_CALL:
        return NotSent(Failure("retry"), "领取后耽搁过久，没有发送。")
    letter = letter_of(
        *(claimed.template, claimed.fields, claimed.notification_id),
        wecom.link_to(claimed.number),
    )
    try:
        userid = unseal(claimed.userid, "wecom_bindings.userid")
        return Sent(wecom.send(userid, letter) or None)
    except WeComError as error:
        is_of_token = error.call is WeComCall.TOKEN
        return NotSent(Failure(error.action, error.errcode, is_of_token=is_of_token), error.detail)
    except Unsealable as error:
        return NotSent(Failure("drop"), error.detail)
    except SQLAlchemyError as error:
        # The database is asked for the token alone, before the message is sent.
        log.warning("delivery %s not sent: %s", claimed.delivery_id, type(error).__name__)
        return NotSent(Failure("retry"), "读取接口调用凭据失败，没有发送。")


def leave(delivery_id: int, reason: Reason, errcode: int | None = None, *, at: datetime) -> bool:
    """It cannot be brought here for good: it goes by the mini-program, as if never tried.

    Whose recipient has none, it has failed. What stands in a digest comes along. Answers whether
    it goes on.
    """
    phone = present_phone()
    of_here = ("wecom_binding_id", "doubtful_since", "worker", "claimed_at", "provider_id")
    moved = {
        **dict.fromkeys((*of_here, "leased_until", "reason", "errcode")),
        "state": DeliveryState.PENDING,
        "binding_id": phone,
        "left_wecom": reason,
        "send_at": sa.func.greatest(Delivery.send_at, at),
        "attempts": 0,
        "rung_on": UNRUNG,
    }
    mine = Delivery.id == delivery_id
    moving = sa.update(Delivery).where(mine, phone.is_not(None)).values(moved)
    if db.session.execute(moving.returning(Delivery.id)).first():
        digests.take_along(delivery_id)
        return True
    failed = {"state": DeliveryState.FAILED, "reason": reason, "errcode": errcode}
    _put(delivery_id, **failed, leased_until=None, rung_on=UNRUNG)
    digests.follow(delivery_id)
    return False


def leave_all(*, at: datetime) -> int:
    """Without WeCom everything that waits for it goes by the mini-program; how many."""
    is_waiting = Delivery.state == sa.literal_column("'pending'")
    waiting = sa.select(Delivery).where(is_waiting, Delivery.wecom_binding_id.is_not(None))
    rows = db.session.scalars(waiting.with_for_update(key_share=True, skip_locked=True)).all()
    for row in rows:
        if row.doubtful_since is not None:
            fail(row.id, Reason.NO_ANSWER)
        else:
            leave(row.id, Reason.UNBOUND, at=at)
    return len(rows)


def fail(delivery_id: int, reason: Reason) -> None:
    """It goes nowhere any more; what may have been shown is unknown instead."""
    is_clear = Delivery.doubtful_since.is_(None)
    _put(
        delivery_id,
        state=sa.case((is_clear, DeliveryState.FAILED), else_=DeliveryState.UNKNOWN),
        reason=sa.case((is_clear, reason), else_=Reason.NO_ANSWER),
    )
    digests.follow(delivery_id)


def _is_set_aside(worker: WecomWorker, due: WecomDue, at: datetime) -> bool:
    """What may have been shown is repeated as it was: in other words it would be shown twice."""
    if due.doubt.since is not None:
        return False
    return digests.set_aside(due, worker.limits, worker.calendar, at=at)


def _why_not(due: WecomDue, opening: datetime) -> Reason | None:
    if due.expires_at <= opening:
        return Reason.EXPIRED
    return None if due.is_true else Reason.OUTDATED


def _unbound(due: WecomDue, *, at: datetime) -> None:
    """To whom the recipient is in WeCom by now, else by the mini-program.

    What one member may have been shown is not shown to another one.
    """
    if due.doubt.since is not None:
        fail(due.delivery_id, Reason.NO_ANSWER)
        return
    member = present_member()
    is_another = sa.and_(member.is_not(None), member != due.binding_id)
    mine = Delivery.id == due.delivery_id
    following = sa.update(Delivery).where(mine, is_another).values(wecom_binding_id=member)
    if db.session.execute(following.returning(Delivery.id)).first():
        digests.take_along(due.delivery_id)
    else:
        leave(due.delivery_id, Reason.UNBOUND, at=at)


def _take(worker: WecomWorker, due: WecomDue, *, at: datetime) -> WecomClaim:
    claimed = _claim_of(worker, due, at)
    _put(
        due.delivery_id,
        state=DeliveryState.SENDING,
        worker=claimed.worker,
        claimed_at=claimed.claimed_at,
        leased_until=claimed.leased_until,
        attempts=Delivery.attempts + 1,
        provider_id=None,
        rung_on=claimed.rung_on,
    )
    note_send(due.binding_id, at=claimed.claimed_at)
    return claimed


def _claim_of(worker: WecomWorker, due: WecomDue, at: datetime) -> WecomClaim:
    real = clock.real()
    return WecomClaim(
        delivery_id=due.delivery_id,
        notification_id=due.notification_id,
        corp_id=due.corp_id,
        template=due.template,
        worker=f"{worker.name}/{secrets.token_hex(4)}",
        claimed_at=real,
        leased_until=real + LEASE,
        rung_on=local_time(at).date() if due.is_official else None,
        number=due.number,
        userid=due.userid,
        fields=due.fields,
    )


def _put(delivery_id: int, **values: Any) -> None:
    db.session.execute(sa.update(Delivery).where(Delivery.id == delivery_id).values(values))
