"""短信结果: what became of a claim goes into the message, the counts, and on to people who call.

What did not go out is left to them in the same step, and so is what may not have gone out where two
are better than none. `at` is business time.
"""

import logging
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.db import db
from app.domain.delivery import DeliveryState, Reason
from app.domain.fallbacks import CallCause
from app.domain.texts import AfterText, after_text
from app.domain.work_calendar import WorkCalendar
from app.models.fallback import Fallback, TextCount, TextMessage
from app.models.notification import Notification
from services.gateways.sms import TextError, TextReceipt
from services.notifications.calls import leave_to_callers
from services.notifications.texts import TextClaim, is_doubled

log = logging.getLogger(__name__)

SENT = "sent"


def settle_text(
    claimed: TextClaim, result: TextReceipt | TextError, calendar: WorkCalendar, *, at: datetime
) -> bool:
    """Record the result, also of who comes back after the lease was lost; whether it was taken.

    A call that was asked for meanwhile stays: two are better than none.
    """
    if isinstance(result, TextReceipt):
        _record_sent(claimed, result)
        _count(claimed.worker, SENT, result.parts)
        return True
    following = after_text(result.action, claimed.attempt)
    values: dict[str, Any] = {"state": following.state, "reason": following.reason}
    if following.state is DeliveryState.PENDING:
        values["send_at"] = at + following.delay
    if _put_claimed(claimed, code=result.provider_code, **values):
        _go_on(claimed.notification_id, following, calendar, at=at, doubled=claimed.is_doubled)
    if following.is_alarm:
        log.error("short messages refused (%s): %s", result.provider_code, result.detail)
    _count(claimed.worker, result.action, 0)
    return False


def release_lapsed_texts(calendar: WorkCalendar, *, real: datetime, at: datetime) -> int:
    """Claims whose worker was lost become unknown, and go on as such; how many."""
    lapsed = sa.and_(
        TextMessage.state == sa.literal_column("'sending'"), TextMessage.leased_until <= real
    )
    ids = sa.select(TextMessage.id).where(lapsed).with_for_update(skip_locked=True)
    unknown = {"state": DeliveryState.UNKNOWN, "reason": Reason.WORKER_LOST, "leased_until": None}
    losing = sa.update(TextMessage).where(TextMessage.id.in_(ids)).values(unknown)
    lost = db.session.scalars(losing.returning(TextMessage.notification_id)).all()
    known = (
        sa.select(Notification.id, Notification.kind, Fallback.is_urgent)
        .join(Fallback, Fallback.notification_id == Notification.id)
        .where(Notification.id.in_(lost))
    )
    following = AfterText(DeliveryState.UNKNOWN, Reason.WORKER_LOST)
    for row in db.session.execute(known).all():
        doubled = is_doubled(row.kind, urgent=row.is_urgent)
        _go_on(row.id, following, calendar, at=at, doubled=doubled)
    return len(lost)


def _go_on(
    notification_id: int,
    following: AfterText,
    calendar: WorkCalendar,
    *,
    at: datetime,
    doubled: bool,
) -> None:
    """To people who call, where the message failed, or nobody knows and it must not be missed."""
    if following.state is DeliveryState.FAILED:
        leave_to_callers(notification_id, CallCause.TEXT_FAILED, calendar, at=at)
    elif following.state is DeliveryState.UNKNOWN and doubled:
        leave_to_callers(notification_id, CallCause.TEXT_UNKNOWN, calendar, at=at)


def _record_sent(claimed: TextClaim, receipt: TextReceipt) -> None:
    sent = {
        "state": DeliveryState.SENT,
        "reason": None,
        "code": None,
        "sent_at": clock.real(),
        "provider_id": receipt.provider_id,
        "parts": receipt.parts,
    }
    _put_claimed(claimed, **sent)


def _put_claimed(claimed: TextClaim, **values: Any) -> bool:
    """Change the message as long as the claim is its last one and nobody has settled it."""
    is_open = TextMessage.state.in_((DeliveryState.SENDING, DeliveryState.UNKNOWN))
    mine = sa.and_(TextMessage.id == claimed.text_id, TextMessage.worker == claimed.worker, is_open)
    changing = sa.update(TextMessage).where(mine).values(leased_until=None, **values)
    return db.session.execute(changing.returning(TextMessage.id)).first() is not None


def _count(worker: str, result: str, parts: int) -> None:
    """One send more with this result. Last, for all senders of a host share the row."""
    host = worker.rpartition(":")[0]
    counting = insert(TextCount).values(host=host, result=result, count=1, parts=parts)
    more = {"count": TextCount.count + 1, "parts": TextCount.parts + parts}
    counting = counting.on_conflict_do_update(
        index_elements=[TextCount.host, TextCount.result], set_=more
    )
    db.session.execute(counting)
