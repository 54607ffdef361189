"""补检索词: words for rows from before there were any, batch by batch.

What lacks words is what waits, so that whoever stops in the middle goes on there. What is written
today has its own: names by the writers of the register, tickets by the statement that stores them.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain.bigrams import name_words
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.ticket import Ticket
from app.models.ticket_words import TicketWords
from app.sealing import unseal
from services.search.ticket_terms import Said, ticket_terms, words_of

BATCH = 1000


def fill_enterprises(after: int) -> int | None:
    """Words for some enterprises behind the id `after` that lack them.

    Answers the id of the last one; None: no more of them do.
    """
    return _fill_names(Enterprise, after)


def fill_housekeepers(after: int) -> int | None:
    """The same for housekeepers."""
    return _fill_names(Housekeeper, after)


def fill_tickets(after: int) -> int | None:
    """The same for tickets, by the names that their enterprises have today."""
    lacking = sa.select(TicketWords.ticket_id).where(TicketWords.ticket_id == Ticket.id)
    rows = db.session.execute(
        sa.select(Ticket, Enterprise)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .where(Ticket.id > after, ~lacking.exists())
        .order_by(Ticket.id)
        .limit(BATCH)
    ).all()
    given: list[dict[str, Any]] = [
        {"ticket_id": ticket.id, "area_code": ticket.area_code, "words": _terms(ticket, enterprise)}
        for ticket, enterprise in rows
    ]
    if given:
        db.session.execute(insert(TicketWords).on_conflict_do_nothing(), given)
        db.session.expunge_all()
    return given[-1]["ticket_id"] if given else None


FILLS: tuple[Callable[[int], int | None], ...] = (fill_enterprises, fill_housekeepers, fill_tickets)


def _fill_names(model: Any, after: int) -> int | None:
    lacking = (
        sa.select(model.id, model.name)
        .where(model.id > after, model.name_words == [])
        .order_by(model.id)
        .limit(BATCH)
    )
    rows = db.session.execute(lacking.with_for_update()).all()
    given = [{"id": row.id, "name_words": name_words(row.name)} for row in rows]
    if given:
        db.session.execute(sa.update(model), given)
    return rows[-1].id if rows else None


def _terms(ticket: Ticket, enterprise: Enterprise) -> list[str]:
    name, phone = ticket.contact_name, ticket.contact_phone
    said = Said(
        *(ticket.number, ticket.title, ticket.body),
        unseal(name, "tickets.contact_name") if name else None,
        unseal(phone, "tickets.contact_phone") if phone else None,
    )
    if ticket.is_anonymous:
        return words_of(said)
    return ticket_terms(said, enterprise.name, enterprise)
