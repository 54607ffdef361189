"""短信投递: claim a short message, send it with no transaction open.

What became of it is for `text_results`. A claim is a lease; a worker that is lost with it leaves
`unknown`. Leases are in real time, `at` is business time unless said otherwise. The caller's
transactions are used.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.delivery import DeliveryState, Reason
from app.domain.fallbacks import CallCause, FallbackState, TextForm, letter, plan_for
from app.domain.message_kinds import MessageKind
from app.domain.quiet_hours import next_opening
from app.domain.relevance import is_still_true
from app.domain.work_calendar import WorkCalendar
from app.models.account import Account
from app.models.fallback import Fallback, TextMessage
from app.models.notification import Notification
from app.models.ticket import Ticket
from app.sealing import Unsealable, unseal
from services.gateways.sms import TextError, TextReceipt, Texts
from services.notifications.calls import leave_to_callers, put_fallback
from services.notifications.truth import TRUTH, present, told, with_truth

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Longer than the gateway takes at the worst."""

LAST_CALL = timedelta(seconds=20)
"""What is left of a lease at least when the provider is called."""

LINKS_AT_ONCE = 50
"""For so many tickets links are made before anything is sent."""

SENT = "sent"


@dataclass(frozen=True, slots=True)
class TextClaim:
    """A short message that is ours to send. `worker` names this very claim; `phone` is sealed.

    `link` is the part of a link that its words have a place for, None where there is none.
    """

    text_id: int
    notification_id: int
    form: TextForm
    number: str
    attempt: int
    worker: str
    leased_until: datetime
    is_doubled: bool
    link: str | None = field(repr=False)
    phone: bytes = field(repr=False)


def next_text(*, at: datetime) -> sa.Row[Any] | None:
    """The message that has been due longest, locked; None when none is. Nobody else has it."""
    columns = (
        *(TextMessage.id, TextMessage.notification_id, TextMessage.form, TextMessage.attempts),
        *(TextMessage.expires_at, TextMessage.rings_always, Account.phone, Fallback.is_urgent),
    )
    # A constant of the statement, for only then does the partial index answer.
    is_due = TextMessage.state == sa.literal_column("'pending'"), TextMessage.send_at <= at
    query = (
        sa.select(*columns, *TRUTH)
        .select_from(TextMessage)
        .join(Fallback, Fallback.notification_id == TextMessage.notification_id)
        .join(Notification, Notification.id == TextMessage.notification_id)
    )
    oldest = with_truth(query).where(*is_due).order_by(TextMessage.send_at).limit(1)
    return db.session.execute(oldest.with_for_update(of=TextMessage, skip_locked=True)).first()


def claim_text(
    due: sa.Row[Any],
    worker: str,
    calendar: WorkCalendar,
    link: str | None = None,
    *,
    at: datetime,
) -> TextClaim | None:
    """Take what `next_text` found; None when it does not go out now. `link`: what stands in it.

    What must not ring now waits; what is no longer true, or of no use, goes nowhere any more.
    """
    row = due._mapping
    opening = at if row["rings_always"] else next_opening(calendar, at=at)
    reason = _why_not(row, opening, at=at)
    if reason is not None:
        _put(row["id"], state=DeliveryState.FAILED, reason=reason)
        put_fallback(row["notification_id"], FallbackState.DROPPED)
        return None
    if opening > at:
        _put(row["id"], send_at=opening)
        return None
    if row["phone"] is None:
        leave_text(due, CallCause.NO_NUMBER, calendar, at=at)
        return None
    return _take(row, worker, link)


def linked_numbers(form: TextForm, *, at: datetime) -> list[str]:
    """The tickets of which a message of `form` is due, by their numbers."""
    is_due = TextMessage.state == sa.literal_column("'pending'"), TextMessage.send_at <= at
    query = (
        sa.select(Ticket.number)
        .join(TextMessage, TextMessage.ticket_id == Ticket.id)
        .where(*is_due, TextMessage.form == form)
        .group_by(Ticket.number)
        .order_by(sa.func.min(TextMessage.send_at))
        .limit(LINKS_AT_ONCE)
    )
    return list(db.session.scalars(query))


def leave_text(due: sa.Row[Any], cause: CallCause, calendar: WorkCalendar, *, at: datetime) -> None:
    """What `next_text` found cannot go out at all: people call instead."""
    _put(due.id, state=DeliveryState.FAILED, reason=Reason.REJECTED)
    leave_to_callers(due.notification_id, cause, calendar, at=at)


def send_text(texts: Texts, claimed: TextClaim) -> TextReceipt | TextError:
    """Call the provider, once. No transaction may be open."""
    if clock.real() > claimed.leased_until - LAST_CALL:
        return TextError("retry")
    try:
        phone = unseal(claimed.phone, "accounts.phone")
        return texts.send(phone, letter(claimed.form, claimed.number, claimed.link))
    except TextError as error:
        return error
    except Unsealable:
        return TextError("drop")


def _why_not(row: Mapping[Any, Any], opening: datetime, *, at: datetime) -> Reason | None:
    if row["expires_at"] <= opening:
        return Reason.EXPIRED
    return None if is_still_true(told(row), present(row, at=at), at=at) else Reason.OUTDATED


def _take(row: Mapping[Any, Any], worker: str, link: str | None) -> TextClaim:
    claimed = TextClaim(
        text_id=row["id"],
        notification_id=row["notification_id"],
        form=TextForm(row["form"]),
        number=row["number"],
        attempt=row["attempts"] + 1,
        worker=f"{worker}/{secrets.token_hex(4)}",
        leased_until=clock.real() + LEASE,
        is_doubled=is_doubled(row["kind"], urgent=row["is_urgent"]),
        link=link,
        phone=row["phone"],
    )
    _put(
        claimed.text_id,
        state=DeliveryState.SENDING,
        worker=claimed.worker,
        leased_until=claimed.leased_until,
        attempts=claimed.attempt,
        has_link=link is not None,
    )
    return claimed


def is_doubled(kind: str, *, urgent: bool) -> bool:
    """Whether a message of this kind goes on where nobody knows what became of it."""
    plan = plan_for(MessageKind(kind), urgent=urgent)
    return plan is not None and plan.is_doubled


def _put(text_id: int, **values: Any) -> None:
    db.session.execute(sa.update(TextMessage).where(TextMessage.id == text_id).values(**values))
