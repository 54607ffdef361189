"""诉求到期销毁: tickets past their term go whole, with what hangs on them, in rows and in files.

The second door to a ticket's tables, and one that only leads out. The report counts what is kept:
with its tickets a day loses their figures, which the next count takes up.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import Model, db
from app.domain.retention import SWEEPER, Terms
from app.models.attachment import Attachment
from app.models.delivery import Delivery
from app.models.disclosure import Disclosure
from app.models.notification import Notification
from app.models.ticket import Ticket
from services import audit
from services.expiry.table import TICKETS
from services.gateways.file_store import FileStore
from services.reports.changes import leave_days
from services.visibility.holds import keep_holds_as_they_are

BATCH = 50


def delete_next_tickets(terms: Terms, files: FileStore, *, at: datetime) -> int:
    """Delete the oldest tickets past their term at `at` (business time), at most `BATCH`.

    Each leaves an entry of the audit: number, last change, and the last hash of its history, so
    that a history that somebody kept elsewhere can be told from a made-up one. Answers how many.
    """
    keep_holds_as_they_are()
    due = (
        sa.select(Ticket.id, Ticket.number, Ticket.changed_at, Ticket.event_seq, Ticket.event_head)
        .where(*TICKETS.is_due(terms, at=at))
        .order_by(Ticket.changed_at, Ticket.id)
        .limit(BATCH)
    )
    tickets = db.session.execute(due.with_for_update(skip_locked=True)).all()
    if not tickets:
        return 0
    ids = [ticket.id for ticket in tickets]
    leave_days(ids)
    files_of = _files(ids)
    _delete(ids)
    for ticket in tickets:
        _record(ticket, len(files_of[ticket.id]))
    # Before the commit: a row without its file goes with the next run, a file without a row never.
    for key in (key for keys in files_of.values() for key in keys):
        files.remove(key)
    return len(tickets)


def hanging_tables() -> list[tuple[sa.Table, sa.Column[Any]]]:
    """The tables whose rows belong to a ticket, and the column that says to which; children first.

    Taken from the models, so that no new table is forgotten. Who looked at contact data is kept
    for longer than the ticket, or less long: that is no part of it. Nor is what was merged into it.
    """
    return [
        (table, key.parent)
        for table in reversed(Model.metadata.sorted_tables)
        for key in table.foreign_keys
        if key.column is Ticket.__table__.c.id
        and table not in (Disclosure.__table__, Ticket.__table__)
    ]


def _files(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {ticket_id: [] for ticket_id in ids}
    query = sa.select(Attachment.ticket_id, Attachment.storage_key)
    there = Attachment.ticket_id.in_(ids), Attachment.storage_key.is_not(None)
    for row in db.session.execute(query.where(*there)):
        found[row.ticket_id].append(row.storage_key)
    return found


def _delete(ids: Sequence[int]) -> None:
    told = sa.select(Notification.id).where(Notification.ticket_id.in_(ids))
    looked = sa.update(Disclosure).where(Disclosure.ticket_id.in_(ids)).values(ticket_id=None)
    hanging = [sa.delete(table).where(column.in_(ids)) for table, column in hanging_tables()]
    of_messages = sa.delete(Delivery).where(Delivery.notification_id.in_(told))
    tickets = sa.delete(Ticket).where(Ticket.id.in_(ids))
    db.session.execute(_retaining("tickets"))
    for statement in (of_messages, looked, *hanging, tickets):
        db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.execute(_retaining(""))


def _retaining(what: str) -> sa.TextClause:
    """Without it the database lets go of no history (migration 0022)."""
    return sa.text(f"SET LOCAL guanjia.retaining = '{what}'")


def _record(ticket: Any, files: int) -> None:
    facts = {
        "changed_at": ticket.changed_at,
        "events": ticket.event_seq,
        "files": files,
        "last_hash": ticket.event_head.hex(),
    }
    audit.record(SWEEPER, "delete_ticket", f"ticket:{ticket.number}", facts)
