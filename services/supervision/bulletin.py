"""通报条目: what was five working days late, for those who draw up the bulletin."""

from typing import Any

import sqlalchemy as sa

from app.domain import labels
from app.domain.actor import Actor
from app.domain.keyset import Page
from app.domain.permissions import Permission
from app.domain.sla_clock import ClockKind
from app.models.organisation import Organisation
from app.models.supervision import BulletinEntry
from app.models.ticket import Ticket
from services.paging import descending, fetch_page
from services.visibility.supervision import supervised

NEWEST_FIRST = descending("newest-bulletin-entry", BulletinEntry.id)
_TOLD = (
    *("id", "round", "clock", "organisation_id", "due_at", "listed_at", "letter_id"),
    *("ticket_number", "organisation_name"),
)


def list_bulletin_entries(actor: Actor, page: Page) -> tuple[list[dict[str, Any]], str | None]:
    """One page of the entries within reach, newest first, and the next cursor."""
    entry = BulletinEntry
    within = supervised(actor, Permission.READ_BULLETIN_ENTRIES, entry.organisation_id)
    query = (
        sa.select(
            *entry.__table__.c,
            Ticket.number.label("ticket_number"),
            Organisation.name.label("organisation_name"),
        )
        .join(Ticket, Ticket.id == entry.ticket_id)
        .join(Organisation, Organisation.id == entry.organisation_id)
        .where(within)
    )
    found = fetch_page(query, NEWEST_FIRST, page)
    return [_shown(row) for row in found.rows], found.next_cursor


def _shown(row: sa.Row[*tuple[Any, ...]]) -> dict[str, Any]:
    entry = {name: getattr(row, name) for name in _TOLD}
    return entry | {"clock_label": labels.CLOCK[ClockKind(row.clock)]}
