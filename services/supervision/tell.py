"""督办消息: messages of the inbox about an order or a letter, by the ticket that it is about.

Never to whom the ticket complains of.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.domain.message_kinds import MessageKind
from services.notifications.wording import BODIES, TITLES

_TELL = sa.text("""
INSERT INTO notifications
    (ticket_id, account_id, channel, kind, title, body, membership_id, created_at)
SELECT DISTINCT ON (m.account_id)
    t.id, m.account_id, 'inbox', :kind, :title, :body, m.id, :at
FROM tickets t JOIN memberships m ON m.role = ANY (CAST(:roles AS text[]))
    AND (m.organisation_id = CAST(:unit AS bigint)
        OR CAST(:unit AS bigint) IS NULL AND starts_with(t.area_code, m.area_prefix))
WHERE t.number = :number
    AND m.valid_from <= :at AND (m.valid_until IS NULL OR m.valid_until > :at)
    AND NOT EXISTS (
        SELECT FROM memberships c WHERE c.account_id = m.account_id
        AND (c.housekeeper_id = t.complained_housekeeper_id
            OR c.organisation_id = ANY (t.complained_organisation_ids))
    )
ORDER BY m.account_id, m.id
""")
OF_UNIT = (Role.UNIT_APPROVER, Role.HANDLER)


def tell_unit(kind: MessageKind, number: str, unit: int, *, at: datetime) -> None:
    """Tell the unit's people of something about the ticket `number`."""
    _tell(kind, number, OF_UNIT, unit, at=at)


def tell_supervisors(kind: MessageKind, number: str, *, at: datetime) -> None:
    """Tell the supervisors of the ticket's area."""
    _tell(kind, number, (Role.SUPERVISOR,), None, at=at)


def _tell(
    kind: MessageKind, number: str, roles: Sequence[Role], unit: int | None, *, at: datetime
) -> None:
    given = {
        "kind": kind.value,
        "title": TITLES[kind],
        "body": BODIES[kind].format(number=number, clock=""),
        "roles": [role.value for role in roles],
        "unit": unit,
        "number": number,
        "at": at,
    }
    db.session.execute(_TELL, given)
