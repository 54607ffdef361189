"""无人查看的新诉求: when the housekeeper has not read of it, the deputy hears, then coordinators.

A rung is one more recipient of the message that told of the submission, so nobody has it twice. It
comes after so many working hours of the ticket's own area; of rungs that were missed only the last.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.message_kinds import MessageKind
from app.domain.pairing_flow import PairingRole
from app.domain.phone_forms import FORMS
from app.domain.quiet_hours import expires_at, next_opening
from app.domain.rules import Rule
from app.domain.vocabulary import Status
from app.models.account import Membership
from app.models.notification import Notification
from app.models.pairing import STANDING, Pairing
from app.models.ticket import Ticket
from services.notifications.wording import UNREAD
from services.tickets.terms import newest_calendar, rule_of_ticket
from services.visibility.tickets import OPENLY_TOLD

HOUR = 3_600
FIRST_EVENT = 1


@dataclass(frozen=True, slots=True)
class UnreadTicket:
    """A new ticket that its housekeeper has not read of, and whether `coordinators` are next."""

    ticket_id: int
    coordinators: bool


def unread_tickets(*, at: datetime) -> list[UnreadTicket]:
    """Those of which somebody else is to be told at the business time `at`, oldest first."""
    rows = db.session.execute(_waiting()).all()
    return [found for row in rows if (found := _next_rung(row, at))]


def tell_others(unread: UnreadTicket, *, at: datetime) -> bool:
    """Tell the deputy, or the coordinators of the area; whether anybody was there to be told.

    What has been read, contacted or decided meanwhile is left alone.
    """
    row = db.session.execute(_waiting().where(Ticket.id == unread.ticket_id)).one_or_none()
    if row is None or _next_rung(row, at) != unread:
        return False
    opening = next_opening(newest_calendar(row.area_code), at=at)
    form = FORMS[MessageKind.NEW_TODO]
    given = {
        "ticket": unread.ticket_id,
        "coordinators": unread.coordinators,
        "body": UNREAD.format(number=row.number),
        "rank": form.rank,
        "at": at,
        "send_at": opening,
        "expires_at": expires_at(form, opening, None),
    }
    return bool(db.session.scalar(_TELL, given))


def _next_rung(row: Any, at: datetime) -> UnreadTicket | None:
    calendar = newest_calendar(row.area_code)
    if row.told_coordinators:
        return None
    if calendar.add_seconds(row.told_at, row.coordinator_hours * HOUR) <= at:
        return UnreadTicket(row.id, coordinators=True)
    is_due = calendar.add_seconds(row.told_at, row.deputy_hours * HOUR) <= at
    is_next = is_due and row.has_deputy and not row.told_deputy
    return UnreadTicket(row.id, coordinators=False) if is_next else None


def _waiting() -> sa.Select[*tuple[Any, ...]]:
    """New tickets nobody has touched, whose housekeeper was told and has read nothing."""
    told = _told()
    return (
        sa.select(
            *(Ticket.id, Ticket.number, Ticket.area_code),
            *(told.c.told_at, told.c.told_coordinators, told.c.told_deputy),
            rule_of_ticket(Rule.DEPUTY_AFTER_HOURS).label("deputy_hours"),
            rule_of_ticket(Rule.COORDINATOR_AFTER_HOURS).label("coordinator_hours"),
            _HAS_DEPUTY.label("has_deputy"),
        )
        .join(told, sa.true())
        .where(
            Ticket.status == Status.SUBMITTED,
            Ticket.contacted_at.is_(None),
            Ticket.refusal_proposed_by.is_(None),
            OPENLY_TOLD,
            told.c.told_at.is_not(None),
            sa.not_(told.c.is_read),
        )
        .order_by(told.c.told_at, Ticket.id)
    )


def _told() -> Any:
    """Of the message of the submission: when the housekeeper got it, and who else has it."""
    return (
        sa.select(
            sa.func.min(Notification.created_at).filter(_IS_OWN).label("told_at"),
            _any(sa.and_(_IS_OWN, Notification.read_at.is_not(None))).label("is_read"),
            _any(Membership.role == "coordinator").label("told_coordinators"),
            _any(sa.not_(_IS_OWN)).label("told_deputy"),
        )
        .select_from(Notification)
        .join(Membership, Membership.id == Notification.membership_id)
        .where(Notification.ticket_id == Ticket.id, Notification.event_seq == FIRST_EVENT)
        .correlate(Ticket)
        .lateral("told")
    )


_IS_OWN = sa.and_(
    Membership.housekeeper_id == Ticket.housekeeper_id,
    Notification.kind == MessageKind.NEW_TODO,
)


def _any(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(sa.func.bool_or(condition), sa.false())


_HAS_DEPUTY = sa.exists().where(
    Pairing.enterprise_id == Ticket.enterprise_id,
    Pairing.role == PairingRole.DEPUTY,
    Pairing.state.in_(STANDING),
)
_TELL = sa.text("""
WITH people AS (
    SELECT DISTINCT ON (m.account_id) m.account_id, m.id AS membership_id
    FROM tickets t, memberships m
    WHERE t.id = :ticket AND CASE WHEN :coordinators THEN
            m.role = 'coordinator' AND starts_with(t.area_code, m.area_prefix)
        ELSE m.role = 'deputy_housekeeper' AND m.delegator_id IS NULL AND EXISTS (
            SELECT FROM pairings p WHERE p.enterprise_id = t.enterprise_id
            AND p.housekeeper_id = m.housekeeper_id AND p.role = 'deputy'
            AND p.state IN ('active', 'handing_over')
        ) END
        AND m.valid_from <= :at AND (m.valid_until IS NULL OR m.valid_until > :at)
    ORDER BY m.account_id, m.id
), told AS (
    INSERT INTO notifications
        (ticket_id, event_seq, account_id, channel, kind, title, body, membership_id, template,
         fields, created_at)
    SELECT n.ticket_id, n.event_seq, people.account_id, n.channel, n.kind, n.title, :body,
        people.membership_id, n.template, n.fields, :at
    FROM people, (
        SELECT * FROM notifications WHERE ticket_id = :ticket AND event_seq = 1
            AND kind = 'new_todo' ORDER BY id LIMIT 1
    ) n
    ON CONFLICT ON CONSTRAINT uq_notifications_once DO NOTHING
    RETURNING id, account_id, template
), phoned AS (
    INSERT INTO deliveries
        (notification_id, binding_id, template, rank, send_at, expires_at, hold)
    SELECT told.id, b.id, told.template, :rank, :send_at, :expires_at,
        CASE WHEN CAST(:send_at AS timestamptz) > CAST(:at AS timestamptz) THEN 'held' END
    FROM told, LATERAL (
        SELECT w.id FROM wechat_bindings w
        WHERE w.account_id = told.account_id AND w.ended_at IS NULL ORDER BY w.id DESC LIMIT 1
    ) b
)
SELECT count(*) FROM told
""")
