"""跟踪回访的提醒: the housekeeper is told once, on the day."""

from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.message_kinds import MessageKind
from services.notifications.wording import BODIES, TITLES
from services.tickets.terms import local_day

_TELL = sa.text("""
INSERT INTO notifications
    (alarm, account_id, channel, kind, title, body, membership_id, created_at)
SELECT DISTINCT ON (v.id, m.account_id)
    'follow-up-visit:' || v.id, m.account_id, 'inbox', :kind, :title, :body, m.id, :at
FROM follow_up_visits v
JOIN memberships m ON m.housekeeper_id = v.housekeeper_id AND m.role = 'housekeeper'
WHERE v.state = 'planned' AND v.planned_for <= :today
    AND m.valid_from <= :at AND (m.valid_until IS NULL OR m.valid_until > :at)
ORDER BY v.id, m.account_id, m.id
ON CONFLICT DO NOTHING
RETURNING id
""")


def remind_of_visits(*, at: datetime) -> int:
    """Tell whoever owes a visit today, or is behind and was not told yet; how many messages."""
    kind = MessageKind.FOLLOW_UP_DUE
    given = {
        "kind": kind.value,
        "title": TITLES[kind],
        "body": BODIES[kind],
        "today": local_day(at=at),
        "at": at,
    }
    return len(db.session.execute(_TELL, given).all())
