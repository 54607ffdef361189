"""没有送达的消息, for people: which and why, and sending one again."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.delivery import (
    CHANNEL_LABELS,
    REASON_LABELS,
    SETTLED_BY_PEOPLE,
    STATE_LABELS,
    Channel,
    DeliveryState,
    Reason,
)
from app.domain.errors import Conflict, NotFound
from app.domain.keyset import Page
from app.domain.quiet_hours import next_opening
from app.domain.work_calendar import WorkCalendar
from app.models.account import Account
from app.models.delivery import Delivery
from app.models.notification import Notification
from app.models.ticket import Ticket
from services import audit
from services.notifications.recipients import present_binding, present_member, present_phone
from services.paging import descending, fetch_page
from services.visibility.tickets import visible_deliveries

OPEN = sorted(SETTLED_BY_PEOPLE)
NEWEST_FIRST = descending("newest-delivery", Delivery.id)
OF_THE_ATTEMPT = (Delivery.template_id, Delivery.provider_id, Delivery.claimed_at)
USEFUL_AGAIN = timedelta(days=1)
"""What people send again is of use for a day at least."""


class NotResendable(Conflict):
    """只有未送达或结果不明的消息可以重新发送。"""

    code = "not-resendable"


@dataclass(frozen=True, slots=True)
class Listed:
    """A message to a phone. `reason` and its label are None where nothing went wrong.

    `left_wecom` is why WeCom could not bring it and it went to the mini-program.

    `created_at` is when the message was written, `send_at` when it was due last.
    """

    id: int
    ticket_number: str
    kind: str
    title: str
    recipient: str
    state: str
    state_label: str
    reason: str | None
    reason_label: str | None
    channel: str
    channel_label: str
    left_wecom: str | None
    attempts: int
    created_at: datetime
    send_at: datetime


def list_deliveries(
    actor: Actor, state: DeliveryState | None, page: Page
) -> tuple[list[Listed], str | None]:
    """One page of what failed or is unknown, of visible tickets, newest first; the next cursor."""
    # Constants of the statement, for only then does the partial index answer.
    states: list[Any] = [sa.literal_column(f"'{each}'") for each in ([state] if state else OPEN)]
    found = fetch_page(_visible(actor).where(Delivery.state.in_(states)), NEWEST_FIRST, page)
    return [_listed(row._mapping) for row in found.rows], found.next_cursor


def resend(actor: Actor, delivery_id: int, calendar: WorkCalendar, *, at: datetime) -> Listed:
    """Put a message that failed, or whose outcome is unknown, back among those to be sent.

    Its first attempt comes at once, or when quiet hours end, under the same conditions as ever.
    What was booked for an unknown one stays spent, unless an event tells otherwise. Raises
    `NotFound`, `NotResendable`.
    """
    mine = _visible(actor).where(Delivery.id == delivery_id)
    locked = mine.with_for_update(of=Delivery, key_share=True)
    row = db.session.execute(locked).one_or_none()
    if row is None:
        raise NotFound
    if row.state not in OPEN:
        raise NotResendable
    _put_back(delivery_id, at if row.rings_always else next_opening(calendar, at=at))
    facts = {"ticket": row.ticket_number, "state": row.state, "reason": row.reason}
    audit.record(actor, "resend_delivery", f"delivery:{delivery_id}", facts)
    return _listed(db.session.execute(mine).one()._mapping)


def _put_back(delivery_id: int, at: datetime) -> None:
    """Pending, as if never tried, to whichever WeChat user the recipient is by now.

    As long as that is the same one, an event about the attempt before may still settle it.
    """
    before = ("reason", "worker", "errcode", "sent_at", "doubtful_since", "left_wecom")
    forgotten = (*before, "hold", "merged_into")
    binding, member = _way_again()
    again = {
        "state": DeliveryState.PENDING,
        "binding_id": binding,
        "wecom_binding_id": member,
        **{one.key: sa.case((binding == Delivery.binding_id, one)) for one in OF_THE_ATTEMPT},
        "send_at": at,
        "expires_at": sa.func.greatest(Delivery.expires_at, at + USEFUL_AGAIN),
        "attempts": 0,
        "is_reserved": False,
        **dict.fromkeys(forgotten),
    }
    db.session.execute(sa.update(Delivery).where(Delivery.id == delivery_id).values(again))


def _way_again() -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """By WeCom for who is a member there, else by the mini-program, else as it went before."""
    member = present_member()
    phone = sa.func.coalesce(present_binding(), Delivery.binding_id, present_phone())
    binding = sa.case((member.is_(None), phone))
    return binding, sa.case((binding.is_(None), sa.func.coalesce(member, _FORMER)))


_FORMER = Delivery.wecom_binding_id


def _visible(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Delivery.id,
            Ticket.number.label("ticket_number"),
            Notification.kind,
            Notification.title,
            Account.name.label("recipient"),
            Delivery.state,
            Delivery.reason,
            Delivery.left_wecom,
            sa.case(
                (Delivery.binding_id.is_(None), Channel.WECOM.value),
                else_=Channel.MINI_PROGRAM.value,
            ).label("channel"),
            Delivery.attempts,
            Notification.created_at,
            Delivery.send_at,
            Delivery.rings_always,
        )
        .join(Notification, Notification.id == Delivery.notification_id)
        .join(Ticket, Ticket.id == Notification.ticket_id)
        .join(Account, Account.id == Notification.account_id)
        .where(visible_deliveries(actor))
    )


def _listed(row: Mapping[Any, Any]) -> Listed:
    state, reason = DeliveryState(row["state"]), row["reason"]
    return Listed(
        **{name: row[name] for name in _AS_THEY_ARE},
        state_label=STATE_LABELS[state],
        channel_label=CHANNEL_LABELS[Channel(row["channel"])],
        reason_label=REASON_LABELS[Reason(reason)] if reason else None,
    )


_AS_THEY_ARE = tuple(each.name for each in fields(Listed) if not each.name.endswith("_label"))
