"""告警: messages to a role about the product itself. Each alarm tells a person once."""

from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.domain.message_kinds import MessageKind
from services.notifications.wording import wording

_TELL = sa.text("""
INSERT INTO notifications
    (alarm, account_id, channel, kind, title, body, membership_id, created_at)
SELECT DISTINCT ON (m.account_id)
    CAST(:alarm AS text), m.account_id, 'inbox', :kind, :title, :body, m.id, :at
FROM memberships m
WHERE m.role = :role AND m.valid_from <= :at AND (m.valid_until IS NULL OR m.valid_until > :at)
ORDER BY m.account_id, m.id
ON CONFLICT DO NOTHING
RETURNING id
""")


def tell_administrators(kind: MessageKind, alarm: str, about: str, *, at: datetime) -> int:
    """Tell every system administrator; how many had not heard of this `alarm` yet.

    `alarm` names the occasion: the same one is told once. `about` is what the wording names.
    """
    title, body = wording(kind, about, None)
    given = {
        "alarm": alarm,
        "kind": kind.value,
        "title": title,
        "body": body,
        "role": Role.SYS_ADMIN.value,
        "at": at,
    }
    return len(db.session.execute(_TELL, given).all())
