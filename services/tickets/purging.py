"""涉密清除: which files of a ticket are meant, and whether anybody holds them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput, Refused
from app.domain.facts.purging import PurgedFile, PurgeRequest
from app.domain.labels import PURGED_NAME
from app.domain.ticket_state import Change, Purge
from app.models.attachment import Attachment
from app.models.ticket import Ticket
from services.visibility.files import told_to, told_to_enterprise
from services.visibility.holds import is_ticket_held, keep_holds_as_they_are


class PurgeHeld(Refused):
    """诉求、企业或经办账号在保全中，解除保全之后才能清除。"""

    code = "purge-held"


PURGE_FILES = (
    "UPDATE attachments a SET purged_at = CAST(:at AS timestamptz),"
    " purged_by = CAST(:account_id AS bigint), purge_reason = CAST(:purge_reason AS text),"
    " filename = CAST(:purged_name AS text) FROM changed"
    " WHERE a.id = ANY (CAST(:purged AS bigint[])) AND a.ticket_id = changed.id"
)
"""The part of a change's statement that makes tombstones of its files."""


def purge_values(purge: Purge | None) -> dict[str, Any]:
    """What `PURGE_FILES` is given besides actor and time of the change."""
    if purge is None:
        return {}
    return {
        "purged": list(purge.attachment_ids),
        "purge_reason": purge.reason,
        "purged_name": PURGED_NAME,
    }


def with_files(actor: Actor, facts: Any, ticket_id: int | None) -> Any:
    """The facts, a request to purge with what its files are; the ticket is locked.

    Raises `InvalidInput` for a file that the ticket does not have, that the actor does not read, or
    that was purged before.
    """
    if not isinstance(facts, PurgeRequest):
        return facts
    found = _still_there(actor, facts, ticket_id)
    known = {file.id for file in found}
    errors = [
        FieldError(f"/attachment_ids/{index}", "unknown-attachment", "本件没有这个附件，或已清除。")
        for index, one in enumerate(facts.attachment_ids)
        if one not in known
    ]
    if errors:
        raise InvalidInput(errors)
    return replace(
        facts,
        files=tuple(PurgedFile(file.id, file.size, file.sha256.hex()) for file in found),
        is_inner=not all(file.is_told for file in found),
    )


def _still_there(actor: Actor, facts: PurgeRequest, ticket_id: int | None) -> Sequence[Any]:
    shown = (
        Attachment.id,
        Attachment.size,
        Attachment.sha256,
        told_to_enterprise().label("is_told"),
    )
    meant = (
        Attachment.id.in_(facts.attachment_ids),
        Attachment.ticket_id == ticket_id,
        Attachment.purged_at.is_(None),
        told_to(actor),
    )
    return db.session.execute(sa.select(*shown).where(*meant).order_by(Attachment.id)).all()


def check_holds(change: Change, ticket_id: int | None) -> None:
    """What is held is not purged; until the transaction ends nobody holds it. Raises `PurgeHeld`.

    A request waits meanwhile: once the hold is lifted it can be granted.
    """
    if change.purge is None:
        return
    keep_holds_as_they_are()
    held = sa.select(Ticket.id).where(Ticket.id == ticket_id, is_ticket_held())
    if db.session.scalar(held) is not None:
        raise PurgeHeld
