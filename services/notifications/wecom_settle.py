"""企业微信了结: what became of a claim goes into the delivery and the counts, or the message on.

What may have been shown is sent again while the platform knows it again: see
`app.domain.wecom_retry`. `at` is business time.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.db import db
from app.domain.delivery import DeliveryState, Reason
from app.domain.retry import Attempt, Failure, Next
from app.domain.wecom_retry import GOES_ON, Doubt, next_by_wecom
from app.models.delivery import Delivery
from app.models.wecom import WecomSendCount
from services.notifications.circuits import Halt, open_circuit
from services.notifications.deliver import NotSent, Result, Sent
from services.notifications.wecom_deliver import WecomClaim, leave

SENT, LOST = "sent", "worker-lost"
OPEN = (DeliveryState.SENDING, DeliveryState.PENDING, DeliveryState.UNKNOWN)


def settle(claimed: WecomClaim, result: Result, *, at: datetime) -> bool:
    """Record the result of a claim, also when its worker comes back after the lease was lost.

    Answers whether the platform accepted the message. What another claim has taken, or has gone
    another way, stays as it is.
    """
    own = db.session.execute(_own(claimed)).one_or_none()
    if isinstance(result, Sent):
        if own is not None:
            _record_sent(claimed, result)
        _count(claimed.worker, SENT)
        return True
    is_ours = own is not None and own.state == DeliveryState.SENDING
    _settle_failure(claimed, result, own if is_ours else None, at)
    _count(claimed.worker, result.failure.action)
    return False


def release_lapsed(*, real: datetime, at: datetime) -> int:
    """Claims whose worker was lost: nobody knows what became of them, and they go on as such.

    Answers how many. Each is counted.
    """
    is_lapsed = Delivery.state == sa.literal_column("'sending'"), Delivery.leased_until <= real
    lapsed = sa.select(Delivery).where(*is_lapsed, Delivery.wecom_binding_id.is_not(None))
    rows = db.session.scalars(lapsed.with_for_update(key_share=True, skip_locked=True)).all()
    for row in rows:
        doubt = Doubt(row.doubtful_since or row.claimed_at)
        following = next_by_wecom(Failure("unknown"), Attempt(row.id, row.attempts, real), doubt)
        if following.state is DeliveryState.UNKNOWN:
            following = Next(DeliveryState.UNKNOWN, Reason.WORKER_LOST)
        _record(row.id, following, doubt, at)
        _count(row.worker or "", LOST)
    return len(rows)


def _own(claimed: WecomClaim) -> sa.Select[*tuple[Any, ...]]:
    """The delivery as long as the claim is its last one here; it is locked."""
    return (
        sa.select(Delivery.attempts, Delivery.state, Delivery.doubtful_since)
        .where(
            Delivery.id == claimed.delivery_id,
            Delivery.worker == claimed.worker,
            Delivery.wecom_binding_id.is_not(None),
            Delivery.state.in_(OPEN),
        )
        .with_for_update(key_share=True)
    )


def _settle_failure(
    claimed: WecomClaim, result: NotSent, own: sa.Row[Any] | None, at: datetime
) -> None:
    failure, real = result.failure, clock.real()
    since = own.doubtful_since if own else None
    if since is None and failure.action == "unknown":
        since = claimed.claimed_at
    doubt = Doubt(since)
    attempts = own.attempts if own else 1
    following = next_by_wecom(failure, Attempt(claimed.delivery_id, attempts, real), doubt)
    if following.halts is not None:
        until = real + following.delay
        halt = Halt(claimed.corp_id, following.halts)
        open_circuit(halt, failure.errcode, result.meaning, until=until, at=real)
    if own is None:
        return
    if following.state is DeliveryState.FAILED and following.reason in GOES_ON:
        leave(claimed.delivery_id, following.reason, failure.errcode, at=at)
        return
    _record(claimed.delivery_id, following, doubt, at, failure.errcode)


def _record(
    delivery_id: int, following: Next, doubt: Doubt, at: datetime, errcode: int | None = None
) -> None:
    values: dict[str, Any] = {
        "state": following.state,
        "reason": following.reason,
        "errcode": errcode,
        "leased_until": None,
        "doubtful_since": doubt.since,
    }
    if doubt.since is None:
        values["rung_on"] = None
    if following.state is DeliveryState.PENDING and following.halts is None:
        values["send_at"] = at + following.delay
    if not following.is_attempt:
        values["attempts"] = Delivery.attempts - 1
    _put(delivery_id, **values)


def _record_sent(claimed: WecomClaim, result: Sent) -> None:
    _put(
        claimed.delivery_id,
        **dict.fromkeys(("reason", "errcode", "leased_until", "doubtful_since")),
        state=DeliveryState.SENT,
        sent_at=clock.real(),
        provider_id=result.provider_id,
    )


def _put(delivery_id: int, **values: Any) -> None:
    db.session.execute(sa.update(Delivery).where(Delivery.id == delivery_id).values(values))


def _count(worker: str, result: str) -> None:
    """One send more with this result. Last, for all senders of a host share the row."""
    host = worker.rpartition(":")[0]
    counting = insert(WecomSendCount).values(host=host, result=result, count=1)
    counting = counting.on_conflict_do_update(
        index_elements=[WecomSendCount.host, WecomSendCount.result],
        set_={"count": WecomSendCount.count + 1},
    )
    db.session.execute(counting)
