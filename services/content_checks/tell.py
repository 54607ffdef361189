"""审核消息: the author hears of what people decide, coordinators of what they left lying."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.domain.content_checks import CheckState
from app.domain.message_kinds import MessageKind
from app.models.content_check import ContentCheck
from services.notifications.wording import BODIES, TITLES

_TELL_AUTHOR = sa.text("""
INSERT INTO notifications
    (ticket_id, account_id, channel, kind, title, body, membership_id, created_at)
SELECT t.id, c.account_id, 'inbox', :kind, :title, format(CAST(:body AS text), t.number),
    (SELECT min(m.id) FROM memberships m
     WHERE m.account_id = c.account_id AND m.enterprise_id = t.enterprise_id), :at
FROM content_checks c JOIN tickets t ON t.id = c.ticket_id WHERE c.id = :check
""")
_TELL_COORDINATORS = sa.text("""
INSERT INTO notifications
    (alarm, account_id, channel, kind, title, body, membership_id, created_at)
SELECT DISTINCT ON (c.id, m.account_id)
    'content-check:' || c.id, m.account_id, 'inbox', :kind, :title,
    format(CAST(:body AS text), t.number), m.id, :at
FROM content_checks c JOIN tickets t ON t.id = c.ticket_id
JOIN memberships m ON m.role = :role AND starts_with(t.area_code, m.area_prefix)
    AND m.valid_from <= :at AND (m.valid_until IS NULL OR m.valid_until > :at)
WHERE c.id = ANY (CAST(:checks AS bigint[])) AND c.state = 'referred'
    AND NOT EXISTS (
        SELECT FROM memberships past WHERE past.account_id = m.account_id
        AND (past.organisation_id = ANY (t.complained_organisation_ids)
            OR past.housekeeper_id = t.complained_housekeeper_id)
    )
ORDER BY c.id, m.account_id, m.id
ON CONFLICT DO NOTHING
RETURNING id
""")

KIND = {
    CheckState.HELD_BACK: MessageKind.CONTENT_HELD_BACK,
    CheckState.RELEASED: MessageKind.CONTENT_RELEASED,
}


def tell_author(check: ContentCheck, *, at: datetime) -> None:
    """Put what was decided into the author's inbox; the reason stands with the check."""
    kind = KIND[CheckState(check.state)]
    db.session.execute(_TELL_AUTHOR, _worded(kind) | {"check": check.id, "at": at})


def tell_coordinators(check_ids: Sequence[int], *, at: datetime) -> int:
    """Tell those of the place of each ticket, once of each check; how many messages.

    Never the people of whom it complains.
    """
    given = {"role": Role.COORDINATOR.value, "checks": [*check_ids], "at": at}
    told = db.session.execute(_TELL_COORDINATORS, _worded(MessageKind.CONTENT_WAITING) | given)
    return len(told.all())


def _worded(kind: MessageKind) -> dict[str, str]:
    return {"kind": kind.value, "title": TITLES[kind], "body": BODIES[kind].format(number="%s")}
