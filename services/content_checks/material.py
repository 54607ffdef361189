"""送审材料: the words of an event with the names of its files, and what is known of its people."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.content_checks import said_in
from app.domain.permissions import Permission
from app.models.account import Account
from app.models.attachment import Attachment
from app.models.content_check import ContentCheck
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from app.sealing import unseal

_FILENAMES = (
    sa.select(sa.func.array_agg(Attachment.filename))
    .where(
        Attachment.ticket_id == ContentCheck.ticket_id,
        Attachment.event_seq == ContentCheck.event_seq,
        Attachment.purged_at.is_(None),
    )
    .correlate(ContentCheck)
    .scalar_subquery()
)
WORDS: tuple[Any, ...] = (
    TicketEvent.action,
    TicketEvent.facts,
    Ticket.title,
    Ticket.body,
    _FILENAMES.label("filenames"),
)
"""The columns that `words_of` reads, of `content_checks` joined by `with_event`."""

_SEALED = {
    "contact_name": "tickets.contact_name",
    "register_contact": "enterprises.contact_name",
    "legal_person": "enterprises.legal_person",
}


def with_event(query: sa.Select[Any]) -> sa.Select[Any]:
    """`query` of checks, joined to the event and the ticket that each is about."""
    return (
        query.select_from(ContentCheck)
        .join(Ticket, Ticket.id == ContentCheck.ticket_id)
        .join(
            TicketEvent,
            sa.and_(
                TicketEvent.ticket_id == ContentCheck.ticket_id,
                TicketEvent.seq == ContentCheck.event_seq,
            ),
        )
    )


def words_of(row: Mapping[Any, Any]) -> str:
    """What somebody wrote with an event, line by line; the names of files come last."""
    action = Permission(row["action"])
    own = {"title": row["title"], "body": row["body"]} if action is Permission.SUBMIT else {}
    return "\n".join((*said_in(action, row["facts"] | own), *(row["filenames"] or ())))


def names_known(check: ContentCheck) -> list[str]:
    """The names that are known of the ticket: of its enterprise, its people and its housekeeper."""
    query = (
        sa.select(
            Ticket.contact_name,
            Enterprise.name,
            Enterprise.contact_name.label("register_contact"),
            Enterprise.legal_person,
            Housekeeper.name.label("housekeeper"),
            sa.select(Account.name)
            .where(Account.id == check.account_id)
            .scalar_subquery()
            .label("author"),
        )
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .outerjoin(Housekeeper, Housekeeper.id == Ticket.housekeeper_id)
        .where(Ticket.id == check.ticket_id)
    )
    row = db.session.execute(query).one()._mapping
    sealed = [unseal(row[name], column) for name, column in _SEALED.items() if row[name]]
    return [*sealed, *(row[name] for name in ("name", "housekeeper", "author") if row[name])]
