"""管家变更: who is told that a housekeeper begins or stops answering for an enterprise.

Written with the change, as messages of the inbox; an enterprise reads nothing of how it came.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.message_kinds import MessageKind
from services.notifications.wording import BODIES, TITLES

_TELL = sa.text("""
INSERT INTO notifications
    (pairing_id, account_id, channel, kind, title, body, membership_id, created_at)
SELECT DISTINCT ON (p.id, m.account_id)
    p.id, m.account_id, 'inbox', :kind, :title,
    CASE WHEN m.enterprise_id IS NULL THEN :inner_body ELSE :body END, m.id, :at
FROM pairings p, LATERAL (
    SELECT e.* FROM memberships e WHERE e.enterprise_id = p.enterprise_id
    UNION ALL SELECT h.* FROM memberships h
        WHERE h.housekeeper_id = p.housekeeper_id AND :tells_housekeepers
) m
WHERE p.id = ANY (CAST(:pairings AS bigint[]))
    AND m.valid_from <= :at AND (m.valid_until IS NULL OR m.valid_until > :at)
ORDER BY p.id, m.account_id, m.id
ON CONFLICT DO NOTHING
""")
_TELL_OF_HANDOVER = sa.text("""
INSERT INTO notifications
    (handover_id, account_id, channel, kind, title, body, membership_id, created_at)
SELECT DISTINCT ON (m.account_id)
    :handover, m.account_id, 'inbox', :kind, :title, :body, m.id, :at
FROM memberships m
WHERE m.housekeeper_id = ANY (CAST(:housekeepers AS bigint[])) AND m.role = 'housekeeper'
    AND m.valid_from <= :at AND (m.valid_until IS NULL OR m.valid_until > :at)
ORDER BY m.account_id, m.id
ON CONFLICT DO NOTHING
""")
INNER_BODY = "与您结对的企业有变化，请在“我的企业”查看。"


def tell_of_change(
    pairing_ids: Sequence[int], *, tells_housekeepers: bool = True, at: datetime
) -> None:
    """Tell the enterprises of these pairings, and their housekeepers, that one began or ended."""
    if not pairing_ids:
        return
    kind = MessageKind.HOUSEKEEPER_CHANGED
    given = {
        "pairings": list(pairing_ids),
        "kind": kind.value,
        "title": TITLES[kind],
        "body": BODIES[kind],
        "inner_body": INNER_BODY,
        "tells_housekeepers": tells_housekeepers,
        "at": at,
    }
    db.session.execute(_TELL, given)


def tell_of_handover(
    kind: MessageKind, handover_id: int, housekeeper_ids: Sequence[int], *, at: datetime
) -> None:
    """Tell these housekeepers of a handover: that one is to be signed, or what became of it."""
    given = {
        "handover": handover_id,
        "housekeepers": list(housekeeper_ids),
        "kind": kind.value,
        "title": TITLES[kind],
        "body": BODIES[kind],
        "at": at,
    }
    db.session.execute(_TELL_OF_HANDOVER, given)
