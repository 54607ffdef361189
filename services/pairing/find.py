"""结对的历史: who looks after an enterprise, and who did before."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.domain.actor import Actor
from app.domain.keyset import Page
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.models.pairing import Pairing
from services.directory.find_enterprises import require_enterprise
from services.paging import descending, fetch_page

NEWEST_FIRST = descending("newest", Pairing.id)


@dataclass(frozen=True, slots=True)
class PairingCard:
    """A pairing as its enterprise is told of it (公示卡): the person, the unit, the office."""

    id: int
    role: str
    state: str
    housekeeper_id: int
    housekeeper_name: str
    job_title: str | None
    office_phone: str | None
    organisation_id: int
    organisation_name: str
    proposed_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


_CARDS = (
    sa.select(
        Pairing.id,
        Pairing.role,
        Pairing.state,
        Pairing.housekeeper_id,
        Housekeeper.name,
        Housekeeper.job_title,
        Housekeeper.office_phone,
        Organisation.id,
        Organisation.name,
        Pairing.proposed_at,
        Pairing.started_at,
        Pairing.ended_at,
    )
    .join(Housekeeper, Housekeeper.id == Pairing.housekeeper_id)
    .join(Organisation, Organisation.id == Housekeeper.organisation_id)
)


def list_pairings(
    actor: Actor, enterprise_id: int, page: Page
) -> tuple[list[PairingCard], str | None]:
    """One page of a visible enterprise's pairings, newest first, and the next cursor.

    An enterprise learns of a pairing when it has begun, not of proposals. Raises `NotFound`.
    """
    require_enterprise(actor, enterprise_id)
    query = _CARDS.where(Pairing.enterprise_id == enterprise_id)
    if actor.is_enterprise:
        query = query.where(Pairing.started_at.is_not(None))
    found = fetch_page(query, NEWEST_FIRST, page)
    return [PairingCard(*row[:-1]) for row in found.rows], found.next_cursor
