"""了结: what became of a claim goes into the delivery, the ledger of consents and the counts.

Rows are locked in one order whoever comes: the person, the delivery, the consents, the rest.
"""

import logging
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.db import db
from app.domain.delivery import DeliveryState, Reason
from app.domain.phone_forms import Template
from app.domain.retry import Attempt, Consent, Next, next_after
from app.models.delivery import Delivery, WechatSendCount
from app.models.wechat import WechatBinding
from services.notifications import digests, quotas, usual_way
from services.notifications.circuits import Halt, open_circuit, stop_template
from services.notifications.deliver import Claim, NotSent, Result, Sent
from services.notifications.receipts import UNANSWERED, take_over

log = logging.getLogger(__name__)

SENT = "sent"


def settle(claimed: Claim, result: Result, *, at: datetime) -> bool:
    """Record the result of a claim, also when its worker comes back after the lease was lost.

    Answers whether the platform accepted the message. A delivery that is no longer this claim's
    stays as it is. `at` is business time.
    """
    if isinstance(result, Sent) and result.provider_id and _settled_as_usual(claimed, result):
        return True
    _release(claimed)
    own = db.session.execute(_own(claimed)).one_or_none()
    if isinstance(result, NotSent):
        is_open = own is not None and own.state in UNANSWERED
        _settle_failure(claimed, result, own.attempts if own and is_open else None, at)
        return False
    if own is not None:
        _settle_sent(claimed, result, own)
    _count(claimed, SENT)
    return True


def _settled_as_usual(claimed: Claim, result: Sent) -> bool:
    """Nobody has settled it before; whoever was taken for it gets its own back."""
    lease, message = (claimed.worker, claimed.leased_until), result.provider_id or ""
    mine = (claimed.binding_id, claimed.delivery_id)
    if not usual_way.record_sent(*mine, lease, message, at=clock.real()):
        return False
    known_by = (claimed.binding_id, claimed.template_id, claimed.delivery_id)
    if usual_way.count_sent(_host(claimed), *known_by, message):
        take_over(claimed, message, at=clock.real())
    return True


def _settle_sent(claimed: Claim, result: Sent, own: sa.Row[Any]) -> None:
    """An event may have settled it before: one about another message when the ids differ."""
    is_taken_for = own.state not in UNANSWERED
    if is_taken_for and result.provider_id in (None, own.provider_id):
        return
    _record_sent(claimed, result)
    if is_taken_for:
        quota = (claimed.binding_id, claimed.template_id, claimed.delivery_id)
        quotas.reserve(*quota, at=clock.real())
    if result.provider_id is not None:
        take_over(claimed, result.provider_id, at=clock.real())


def _settle_failure(claimed: Claim, result: NotSent, attempts: int | None, at: datetime) -> None:
    attempt = Attempt(claimed.delivery_id, attempts or 1, clock.real())
    following = next_after(result.failure, attempt)
    if attempts is not None:
        _record_failure(claimed, result, following, at)
        _settle_consent(claimed, following.consent)
        if claimed.template is Template.DIGEST:
            _settle_digest(claimed, following, at)
    _raise_alarms(claimed, result, following)
    _count(claimed, result.failure.action)


def _release(claimed: Claim) -> None:
    """Let others send to the person, unless another claim has the person by now.

    The person is locked in either case, for an event about the message waits for that.
    """
    is_ours = WechatBinding.busy_until == claimed.leased_until
    kept = sa.case((is_ours, sa.null()), else_=WechatBinding.busy_until)
    person = sa.update(WechatBinding).where(WechatBinding.id == claimed.binding_id)
    db.session.execute(person.values(busy_until=kept))


def _own(claimed: Claim) -> sa.Select[*tuple[Any, ...]]:
    """The delivery as long as the claim is its last one; it is locked."""
    return (
        sa.select(Delivery.attempts, Delivery.state, Delivery.provider_id)
        .where(Delivery.id == claimed.delivery_id, Delivery.worker == claimed.worker)
        .with_for_update(key_share=True)
    )


def _record_sent(claimed: Claim, result: Sent) -> None:
    _put(
        claimed,
        state=DeliveryState.SENT,
        reason=None,
        errcode=None,
        sent_at=clock.real(),
        provider_id=result.provider_id,
    )


def _record_failure(claimed: Claim, result: NotSent, following: Next, at: datetime) -> None:
    values: dict[str, Any] = {"state": following.state, "reason": following.reason}
    if following.state is not DeliveryState.UNKNOWN:
        values |= dict.fromkeys(("claimed_at", "rung_on"))
    if following.state is DeliveryState.PENDING and following.halts is None:
        values["send_at"] = at + following.delay
    if not following.is_attempt:
        values["attempts"] = Delivery.attempts - 1
    _put(claimed, **values, errcode=result.failure.errcode)


def _settle_consent(claimed: Claim, consent: Consent) -> None:
    quota = (claimed.binding_id, claimed.template_id, claimed.delivery_id)
    if consent is Consent.REFUSED:
        quotas.refuse(*quota, at=clock.real())
    elif consent is Consent.RETURNED:
        quotas.give_back(*quota, at=clock.real())


def _settle_digest(claimed: Claim, following: Next, at: datetime) -> None:
    """Without a consent its most important message goes; what else becomes of it becomes of all."""
    if following.reason is Reason.UNSUBSCRIBED:
        digests.dissolve(claimed.delivery_id, at=at)
    else:
        digests.follow(claimed.delivery_id)


def _raise_alarms(claimed: Claim, result: NotSent, following: Next) -> None:
    errcode, real = result.failure.errcode, clock.real()
    if following.halts is not None:
        until = real + following.delay
        halt = Halt(claimed.appid, following.halts)
        open_circuit(halt, errcode, result.meaning, until=until, at=real)
    if following.stops_template:
        which = (claimed.appid, claimed.template, claimed.template_id)
        stop_template(*which, errcode, result.meaning)
    if following.reason is Reason.REJECTED:
        log.error(
            "wechat rejected delivery %s of template %s (%s): %s",
            *(claimed.delivery_id, claimed.template, errcode, result.meaning),
        )


def _put(claimed: Claim, **values: Any) -> None:
    """Change the delivery, which is locked; no state that is put here holds a lease."""
    changing = sa.update(Delivery).where(Delivery.id == claimed.delivery_id)
    db.session.execute(changing.values(leased_until=None, **values))


def _count(claimed: Claim, result: str) -> None:
    """One send more with this result. Last, for all senders of a host share the row."""
    counting = insert(WechatSendCount).values(host=_host(claimed), result=result, count=1)
    counting = counting.on_conflict_do_update(
        index_elements=[WechatSendCount.host, WechatSendCount.result],
        set_={"count": WechatSendCount.count + 1},
    )
    db.session.execute(counting)


def _host(claimed: Claim) -> str:
    return claimed.worker.rpartition(":")[0]
