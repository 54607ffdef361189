"""站内消息: what a person was told, read and unread. Everybody sees the own messages only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.message_kinds import MessageKind
from app.models.delivery import Delivery
from app.models.notification import Notification
from app.models.ticket import Ticket
from services.paging import descending, fetch_page

NEWEST_FIRST = descending("newest", Notification.id)
COUNTED_AT_MOST = 99


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the inbox. `read_at` is None until it has been read.

    `ticket_number` is None where it is about a pairing or a handover, or is a digest: that stands
    for the messages `stands_for` (ids, most important first).
    """

    id: int
    kind: str
    title: str
    body: str
    ticket_number: str | None
    created_at: datetime
    read_at: datetime | None
    stands_for: list[int]


@dataclass(frozen=True, slots=True)
class UnreadCount:
    """How many messages are unread, counted to 99; `is_capped` when there are more."""

    count: int
    is_capped: bool


def list_messages(
    actor: Actor, page: Page, *, is_unread_only: bool, digest_id: int | None = None
) -> tuple[list[Message], str | None]:
    """One page of the own messages, newest first, and the next cursor; only those of a digest."""
    query = _messages(actor)
    if digest_id is not None:
        query = query.where(Notification.id.in_(_standing_in(digest_id)))
    if is_unread_only:
        query = query.where(Notification.read_at.is_(None))
    found = fetch_page(query, NEWEST_FIRST, page)
    return [Message(*row[: len(_COLUMNS)]) for row in found.rows], found.next_cursor


def read_message(actor: Actor, message_id: int, *, at: datetime) -> Message:
    """The own message, which is read from now on; reading it again changes nothing.

    Raises `NotFound` for unknown ones and those of others. `at` is business time.
    """
    db.session.execute(
        sa.update(Notification)
        .where(*_own(actor), Notification.id == message_id, Notification.read_at.is_(None))
        .values(read_at=at)
    )
    row = db.session.execute(_messages(actor).where(Notification.id == message_id)).one_or_none()
    if row is None:
        raise NotFound
    return Message(*row)


def count_unread(actor: Actor) -> UnreadCount:
    """The number for the badge, without counting more than it shows."""
    some = (
        sa.select(Notification.id)
        .where(*_own(actor), Notification.read_at.is_(None))
        .limit(COUNTED_AT_MOST + 1)
        .subquery()
    )
    counted = db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    return UnreadCount(min(counted, COUNTED_AT_MOST), counted > COUNTED_AT_MOST)


def _own(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    return Notification.account_id == actor.account_id, Notification.channel == "inbox"


_MERGED, _DIGEST = sa.orm.aliased(Delivery), sa.orm.aliased(Delivery)


def _standing_in(digest_id: Any) -> sa.Select[int]:
    """The messages for which the digest, a message itself, rang."""
    merged: sa.Select[int] = sa.select(_MERGED.notification_id)
    merged = merged.join(_DIGEST, _DIGEST.id == _MERGED.merged_into)
    return merged.where(_DIGEST.notification_id == digest_id)


_BY_IMPORTANCE: Any = aggregate_order_by(_MERGED.notification_id, _MERGED.rank.desc(), _MERGED.id)
_NOBODY = sa.cast(sa.literal("{}"), ARRAY(sa.BigInteger))
_STANDS_FOR = sa.case(
    (
        Notification.kind == MessageKind.DIGEST,
        sa.func.coalesce(
            _standing_in(Notification.id)
            .with_only_columns(sa.func.array_agg(_BY_IMPORTANCE))
            .correlate(Notification)
            .scalar_subquery(),
            _NOBODY,
        ),
    ),
    else_=_NOBODY,
)
_COLUMNS: Sequence[Any] = (
    *(Notification.id, Notification.kind, Notification.title, Notification.body, Ticket.number),
    *(Notification.created_at, Notification.read_at, _STANDS_FOR.label("stands_for")),
)


def _messages(actor: Actor) -> sa.Select[Any]:
    return (
        sa.select(*_COLUMNS)
        .outerjoin(Ticket, Ticket.id == Notification.ticket_id)
        .where(*_own(actor))
    )
