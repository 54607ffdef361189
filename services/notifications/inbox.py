"""站内消息: what a person was told, read and unread. Everybody sees the own messages only."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.models.notification import Notification
from app.models.ticket import Ticket
from services.paging import descending, fetch_page

NEWEST_FIRST = descending("newest", Notification.id)
COUNTED_AT_MOST = 99


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the inbox. `read_at` is None until it has been read.

    `ticket_number` is None where it is about a pairing or a handover.
    """

    id: int
    kind: str
    title: str
    body: str
    ticket_number: str | None
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnreadCount:
    """How many messages are unread, counted to 99; `is_capped` when there are more."""

    count: int
    is_capped: bool


def list_messages(
    actor: Actor, *, is_unread_only: bool, page: Page
) -> tuple[list[Message], str | None]:
    """One page of the own messages, newest first, and the next cursor."""
    query = _messages(actor)
    if is_unread_only:
        query = query.where(Notification.read_at.is_(None))
    found = fetch_page(query, NEWEST_FIRST, page)
    return [Message(*row[:-1]) for row in found.rows], found.next_cursor


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


def _messages(
    actor: Actor,
) -> sa.Select[int, str, str, str, str | None, datetime, datetime | None]:
    return (
        sa.select(
            Notification.id,
            Notification.kind,
            Notification.title,
            Notification.body,
            Ticket.number,
            Notification.created_at,
            Notification.read_at,
        )
        .outerjoin(Ticket, Ticket.id == Notification.ticket_id)
        .where(*_own(actor))
    )
