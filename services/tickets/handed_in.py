"""随操作提交的内容: the files of a change become the ticket's, and the intent to check is written.

Both are parts of the statement that writes the change. Whatever becomes of the check, the change
stands.
"""

from typing import Any

from app import clock
from app.domain.actor import ENTERPRISE_ROLES
from app.domain.content_checks import PATIENCE, PICTURES, said_in
from app.domain.permissions import Permission
from app.domain.ticket_state import Change

LINK_ATTACHMENTS = (
    "UPDATE attachments a SET ticket_id = changed.id, event_seq = :event_seq FROM changed"
    " WHERE a.id = ANY (CAST(:attachments AS bigint[]))"
    " AND a.ticket_id IS NULL AND a.account_id = CAST(:account_id AS bigint)"
)
INTEND_CHECKS = """
INSERT INTO content_checks
    (ticket_id, event_seq, attachment_id, account_id, created_at, next_at, patient_until)
SELECT changed.id, CAST(:event_seq AS integer), piece.attachment_id, CAST(:account_id AS bigint),
    CAST(:at AS timestamptz), CAST(:real AS timestamptz), CAST(:patient_until AS timestamptz)
FROM changed, LATERAL (
    SELECT CAST(NULL AS bigint) AS attachment_id
    UNION ALL SELECT a.id FROM attachments a
    WHERE a.id = ANY (CAST(:attachments AS bigint[])) AND a.ticket_id IS NULL
        AND a.account_id = CAST(:account_id AS bigint)
        AND a.media_type = ANY (CAST(:pictures AS text[]))
) piece
"""
"""One check of the words, names of files among them, and one of each picture."""


def is_checked(change: Change) -> bool:
    """Whether somebody of an enterprise wrote or handed in something with the change."""
    actor = change.event.actor
    if actor.role not in ENTERPRISE_ROLES or actor.account_id is None:
        return False
    said = said_in(Permission(change.event.action), {**change.values, **change.event.facts})
    return bool(said or change.attachment_ids)


def check_values(change: Change) -> dict[str, Any]:
    """What `INTEND_CHECKS` is given besides the event and its files."""
    if not is_checked(change):
        return {}
    real = clock.real()
    return {"real": real, "patient_until": real + PATIENCE, "pictures": list(PICTURES)}
