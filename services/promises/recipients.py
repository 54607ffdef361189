"""提醒对象: who hears of each rung. A new row holds from a later day on; none changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import AlreadyExists, FieldError, InvalidInput
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand
from app.domain.rung_recipient_rules import check_recipients
from app.domain.rung_recipients import Key, Recipient
from app.domain.sla_clock import Rung
from app.models.rung_recipients import RungRecipients
from services import audit
from services.paging import descending, fetch_page
from services.tickets.terms import local_day

NEWEST_FIRST = descending("newest-recipients", RungRecipients.id)
_ONE_AT_A_TIME = sa.text("LOCK TABLE rung_recipients IN SHARE ROW EXCLUSIVE MODE")


@dataclass(frozen=True, slots=True)
class NewRecipients:
    """Who hears of a rung from a day on, and why."""

    key: Key
    recipients: tuple[Recipient, ...]
    effective_from: date
    reason: str


@dataclass(frozen=True, slots=True)
class RecipientsShown:
    """A row of the table. `is_in_force`: for tickets that are submitted today."""

    id: int
    rung: str
    clock: str | None
    ticket_class: str | None
    recipients: list[Mapping[str, str]]
    effective_from: date
    is_in_force: bool


def list_recipients(
    rung: Rung | None, page: Page, *, at: datetime
) -> tuple[list[RecipientsShown], str | None]:
    """One page of what is in force and what is coming, entered last in front; the next cursor.

    Of one rung also what was in force before.
    """
    today = local_day(at=at)
    is_current = RungRecipients.effective_from >= sa.func.coalesce(
        _since(today), RungRecipients.effective_from
    )
    asked = is_current if rung is None else RungRecipients.rung == rung
    found = fetch_page(_rows(today).where(asked), NEWEST_FIRST, page)
    return [RecipientsShown(*row[:7]) for row in found.rows], found.next_cursor


def set_recipients(actor: Actor, new: NewRecipients, *, at: datetime) -> RecipientsShown:
    """Who hears, of tickets that are submitted from a later day on; audited.

    No day that has begun: by it alone a ticket's terms are found. Raises `Forbidden`,
    `InvalidInput`, `AlreadyExists`. `at` is business time.
    """
    demand(actor, Permission.CONFIGURE_PROMISES)
    today = local_day(at=at)
    db.session.execute(_ONE_AT_A_TIME)
    _check(new, today)
    told = [one._asdict() for one in new.recipients]
    values = {**new.key._asdict(), "recipients": told, "effective_from": new.effective_from}
    row = RungRecipients(**values)
    db.session.add(row)
    db.session.flush()
    day = {"effective_from": new.effective_from.isoformat(), "reason": new.reason}
    audit.record(actor, "set_rung_recipients", f"rung_recipients:{row.id}", values | day)
    made = db.session.execute(_rows(today).where(RungRecipients.id == row.id)).one()
    return RecipientsShown(*made)


def _check(new: NewRecipients, today: date) -> None:
    if new.effective_from <= today:
        detail = "生效日期最早为明天；已提交的诉求不受影响。"
        raise InvalidInput([FieldError("/effective_from", "past", detail)])
    check_recipients(new.key, new.recipients)
    same = sa.select(RungRecipients.id).where(
        RungRecipients.rung == new.key.rung,
        RungRecipients.clock.is_not_distinct_from(new.key.clock),
        RungRecipients.ticket_class.is_not_distinct_from(new.key.ticket_class),
        RungRecipients.effective_from == new.effective_from,
    )
    if db.session.scalar(same) is not None:
        raise AlreadyExists("同一天已有这一级提醒的对象。")


def _rows(today: date) -> sa.Select[*tuple[Any, ...]]:
    is_in_force = RungRecipients.effective_from == _since(today)
    return sa.select(
        RungRecipients.id,
        RungRecipients.rung,
        RungRecipients.clock,
        RungRecipients.ticket_class,
        RungRecipients.recipients,
        RungRecipients.effective_from,
        sa.func.coalesce(is_in_force, sa.false()).label("is_in_force"),
    )


def _since(today: date) -> sa.ScalarSelect[date]:
    """The day from which on the present row for the same holds."""
    other = aliased(RungRecipients)
    return (
        sa.select(sa.func.max(other.effective_from))
        .where(
            other.rung == RungRecipients.rung,
            other.clock.is_not_distinct_from(RungRecipients.clock),
            other.ticket_class.is_not_distinct_from(RungRecipients.ticket_class),
            other.effective_from <= today,
        )
        .scalar_subquery()
    )
