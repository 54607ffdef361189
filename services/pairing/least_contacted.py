"""久未联系: the enterprises that a unit looks after, the one left alone for longest first.

It asks about enterprises and says nothing of people: nobody is counted, nobody is ranked.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from app.clock import LOCAL_ZONE
from app.domain.actor import Actor
from app.domain.keyset import Page
from app.domain.pairing_flow import PairingRole
from app.domain.permissions import Permission
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.pairing import STANDING, Pairing
from app.models.ticket import Ticket
from app.models.ticket_event import IS_CONTACT, TicketEvent
from services.paging import ascending, fetch_page
from services.visibility.pairings import reached_housekeepers

NEVER = sa.literal(datetime(1970, 1, 1, tzinfo=UTC), sa.TIMESTAMP(timezone=True))
"""Where an enterprise stands that was never contacted: before all others."""

LAST_CONTACT = (
    sa.select(sa.func.max(TicketEvent.at).label("last_at"))
    .join(Ticket, Ticket.id == TicketEvent.ticket_id)
    .where(Ticket.enterprise_id == Pairing.enterprise_id, IS_CONTACT)
    .correlate(Pairing)
    .lateral("contact")
)
LONGEST_AGO_FIRST = ascending(
    "longest-ago", sa.func.coalesce(LAST_CONTACT.c.last_at, NEVER), Pairing.id
)


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """An enterprise, who answers for it since when, and the last day of contact, if ever."""

    pairing_id: int
    enterprise_id: int
    enterprise_name: str
    primary_category: str
    housekeeper_id: int
    housekeeper_name: str
    started_at: datetime
    last_contact_on: date | None


def list_least_contacted(
    actor: Actor, category: str | None, page: Page
) -> tuple[list[LeftAlone], str | None]:
    """One page of the standing A pairings within reach, never contacted first; the next cursor.

    What counts as contact: `app.domain.contacts`. Raises `InvalidInput` for a foreign cursor.
    """
    query = _standing().where(reached_housekeepers(actor, Permission.READ_LEAST_CONTACTED))
    if category is not None:
        query = query.where(Enterprise.primary_category == category)
    found = fetch_page(query, LONGEST_AGO_FIRST, page)
    return [_told(row) for row in found.rows], found.next_cursor


def _standing() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Pairing.id,
            Enterprise.id,
            Enterprise.name,
            Enterprise.primary_category,
            Housekeeper.id,
            Housekeeper.name,
            Pairing.started_at,
            LAST_CONTACT.c.last_at,
        )
        .join(Enterprise, Enterprise.id == Pairing.enterprise_id)
        .join(Housekeeper, Housekeeper.id == Pairing.housekeeper_id)
        .join(LAST_CONTACT, sa.true())
        .where(Pairing.role == PairingRole.LEAD, Pairing.state.in_(STANDING))
    )


def _told(row: sa.Row[*tuple[Any, ...]]) -> LeftAlone:
    known = dict(zip(LeftAlone.__dataclass_fields__, row[:-2], strict=True))
    last_at: datetime | None = known["last_contact_on"]
    return LeftAlone(
        **known | {"last_contact_on": last_at and last_at.astimezone(LOCAL_ZONE).date()}
    )
