"""What a case file holds: everything the product shows of a ticket, at one moment."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from app.db import db
from app.domain import ticket_records as records
from app.domain.actor import Actor
from app.domain.canonical import canonical
from app.domain.content_checks import NOTICE
from app.domain.keyset import MAX_LIMIT, Page
from app.domain.permissions import Permission, demand
from app.domain.veil import Veil
from app.models.attachment import Attachment
from app.models.evaluation import Evaluation
from app.models.reply import Reply
from services import audit
from services.tickets.belongings import INNER_OF_REPLY
from services.tickets.deadlines import explain_deadlines
from services.tickets.events import list_events
from services.tickets.read_state import lock_ticket
from services.tickets.show import show_ticket
from services.visibility.content_checks import is_file_veiled, veiled_events
from services.visibility.files import told_to

FORMAT = "guanjia-case-file/1"
OF_THE_SCREEN = frozenset({"allowed_actions", "light", "remaining_minutes"})
"""What of a representation only speaks to who looks at it now."""


def take(actor: Actor, number: str, *, at: datetime) -> dict[str, Any]:
    """The case file of a visible ticket for this reader, as plain JSON values. It is audited.

    The ticket is held meanwhile, so that all parts are of one moment. Raises `Forbidden`,
    `NotFound`.
    """
    demand(actor, Permission.TAKE_CASE_FILE)
    state = lock_ticket(actor, number).state
    ticket = show_ticket(actor, number, at=at)
    veil = Veil.of(db.session.scalar(sa.select(veiled_events(actor, state.id))))
    audit.record(actor, "take_case_file", f"ticket:{number}")
    content = {
        "format": FORMAT,
        "number": number,
        "generated_at": at,
        "generated_by": {"name": actor.name, "role": actor.role},
        "is_public_version": actor.is_enterprise,
        "chain": {"events": state.event_seq, "head": state.event_head.hex()},
        "ticket": {name: value for name, value in ticket.items() if name not in OF_THE_SCREEN},
        "replies": list(_replies(actor, state.id)),
        "evaluations": veil.evaluations(_rows(Evaluation, records.Evaluation, state.id)),
        "clocks": explain_deadlines(actor, number, at=at)["clocks"],
        "events": list(_events(actor, number)),
        "files": _files(actor, state.id, veil),
    }
    plain: dict[str, Any] = orjson.loads(canonical(content))
    return plain


def _events(actor: Actor, number: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        found, cursor = list_events(actor, number, Page(MAX_LIMIT, cursor))
        yield from found
        if cursor is None:
            return


def _replies(actor: Actor, ticket_id: int | None) -> Iterator[dict[str, Any]]:
    """Those of all rounds; the enterprise reads what was released, and nothing inner."""
    for reply in _rows(Reply, records.Reply, ticket_id):
        if not actor.is_enterprise:
            yield reply
        elif reply["released_at"] is not None:
            yield {name: value for name, value in reply.items() if name not in INNER_OF_REPLY}


def _rows(model: Any, kind: type[Any], ticket_id: int | None) -> list[dict[str, Any]]:
    columns = [model.__table__.c[field.name] for field in fields(kind)]
    query = sa.select(*columns).where(model.ticket_id == ticket_id).order_by(model.id)
    return [dict(row) for row in db.session.execute(query).mappings()]


def _files(actor: Actor, ticket_id: int | None, veil: Veil) -> list[dict[str, Any]]:
    """A reason to purge is told as far as the words of the request are."""
    name = sa.case((is_file_veiled(actor), NOTICE), else_=Attachment.filename)
    reason: Any = Attachment.purge_reason
    if veil.hides(Permission.REQUEST_PURGE):
        reason = sa.case((reason.is_not(None), NOTICE))
    query = (
        sa.select(
            Attachment.id,
            Attachment.event_seq,
            name.label("filename"),
            Attachment.media_type,
            Attachment.size,
            Attachment.sha256,
            Attachment.purged_at,
            reason.label("purge_reason"),
        )
        .where(Attachment.ticket_id == ticket_id, told_to(actor))
        .order_by(Attachment.id)
    )
    return [dict(row) for row in db.session.execute(query).mappings()]
