"""久未联系的提示: once a week, to the housekeeper alone; nobody else reads or counts it.

Which enterprises these are stands in the list that the housekeeper has anyway
(`services.pairing.least_contacted`).
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from app.db import db
from app.domain.actor import Role
from app.domain.audience import MessageKind
from app.domain.follow_ups import FollowUpState
from app.domain.pairing_flow import PairingRole, PairingState
from app.domain.rules import Rule
from app.domain.silence import latest_week
from app.models.account import Membership
from app.models.enterprise import Enterprise
from app.models.follow_up import FollowUpVisit
from app.models.notification import Notification
from app.models.pairing import Pairing
from services.notifications.wording import BODIES, TITLES
from services.pairing.least_contacted import LAST_CONTACT
from services.tickets.terms import newest_calendar, rules_at


def tell_of_silence(*, at: datetime) -> int:
    """Tell every housekeeper who has left enterprises alone, once a week; how many messages.

    Who was silent as the week's telling came, and is so still. Raises `NoCalendar`.
    """
    monday, opening = latest_week(newest_calendar(), at=at)
    week = f"silent-pairings:{monday.isoformat()}"
    is_told = sa.exists().where(
        Notification.alarm == week, Notification.kind == MessageKind.SILENT_PAIRINGS
    )
    if db.session.scalar(sa.select(is_told)):
        return 0
    days = timedelta(days=rules_at(at=opening)[Rule.SILENT_PAIRING_DAYS])
    telling = insert(Notification).from_select(_COLUMNS, _told(week, opening - days, at))
    made = telling.on_conflict_do_nothing().returning(Notification.id)
    return len(db.session.execute(made).all())


_COLUMNS = (
    *("alarm", "account_id", "channel", "kind"),
    *("title", "body", "membership_id", "created_at"),
)


def _told(week: str, since: datetime, at: datetime) -> sa.Select[*tuple[object, ...]]:
    kind = MessageKind.SILENT_PAIRINGS
    silent = _silent(since).subquery("silent")
    counted = sa.cast(silent.c.count, sa.Text)
    return (
        sa.select(
            sa.literal(week),
            Membership.account_id,
            sa.literal("inbox"),
            sa.literal(kind.value),
            sa.literal(TITLES[kind]),
            sa.func.replace(BODIES[kind], "{number}", counted),
            Membership.id,
            sa.literal(at, sa.TIMESTAMP(timezone=True)),
        )
        .join(silent, silent.c.housekeeper_id == Membership.housekeeper_id)
        .where(
            Membership.role == Role.HOUSEKEEPER,
            Membership.valid_from <= at,
            sa.or_(Membership.valid_until.is_(None), Membership.valid_until > at),
        )
        .ext(distinct_on(Membership.account_id))
        .order_by(Membership.account_id, Membership.id)
    )


def _silent(since: datetime) -> sa.Select[int, int]:
    """How many enterprises each housekeeper has left alone from `since` on.

    A visit is contact too; who wants none is not counted.
    """
    visited = sa.exists().where(
        FollowUpVisit.enterprise_id == Pairing.enterprise_id,
        FollowUpVisit.state == FollowUpState.DONE,
        FollowUpVisit.done_at > since,
    )
    return (
        sa.select(Pairing.housekeeper_id, sa.func.count().label("count"))
        .join(Enterprise, Enterprise.id == Pairing.enterprise_id)
        .join(LAST_CONTACT, sa.true())
        .where(
            Pairing.role == PairingRole.LEAD,
            Pairing.state == PairingState.ACTIVE,
            Pairing.started_at <= since,
            Enterprise.closed_on.is_(None),
            Enterprise.visit_preference == "any",
            sa.func.coalesce(LAST_CONTACT.c.last_at, Pairing.started_at) <= since,
            sa.not_(visited),
        )
        .group_by(Pairing.housekeeper_id)
    )
