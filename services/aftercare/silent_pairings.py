"""久未联系的提示: once a week, to the housekeeper alone; nobody else reads or counts it.

Which enterprises these are stands in the list that the housekeeper has anyway
(`services.pairing.least_contacted`).
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.db import db
from app.domain.follow_ups import FollowUpState
from app.domain.message_kinds import MessageKind
from app.domain.pairing_flow import PairingRole, PairingState
from app.domain.rules import Rule
from app.domain.silence import latest_week
from app.models.enterprise import Enterprise
from app.models.follow_up import FollowUpVisit
from app.models.notification import Notification
from app.models.pairing import Pairing
from services.notifications.wording import BODIES, TITLES
from services.pairing.least_contacted import LAST_CONTACT
from services.tickets.terms import newest_calendar, rules_at

_TELL = sa.text("""
INSERT INTO notifications
    (alarm, account_id, channel, kind, title, body, membership_id, created_at)
SELECT DISTINCT ON (m.account_id)
    :week, m.account_id, 'inbox', :kind, :title,
    replace(:body, '{number}', CAST(s.count AS text)), m.id, :at
FROM unnest(CAST(:housekeepers AS bigint[]), CAST(:counts AS bigint[])) s(housekeeper_id, count)
JOIN memberships m ON m.housekeeper_id = s.housekeeper_id AND m.role = 'housekeeper'
WHERE m.valid_from <= :at AND (m.valid_until IS NULL OR m.valid_until > :at)
ORDER BY m.account_id, m.id
ON CONFLICT DO NOTHING
RETURNING id
""")


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
    counted = db.session.execute(_silent(opening - days)).all()
    kind = MessageKind.SILENT_PAIRINGS
    given = {
        "housekeepers": [row.housekeeper_id for row in counted],
        "counts": [row.count for row in counted],
        "week": week,
        "kind": kind.value,
        "title": TITLES[kind],
        "body": BODIES[kind],
        "at": at,
    }
    return len(db.session.execute(_TELL, given).all())


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
