"""公示卡: the public card of an enterprise, who looks after it now and how to reach them.

Names, posts, units and office phones are what the enterprise is told; a mobile number is not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.pairing_flow import PairingRole
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.models.pairing import STANDING, Pairing
from services.visibility.register import visible_enterprises


@dataclass(frozen=True, slots=True)
class OnCard:
    """A housekeeper on the card. `office_phone` is the unit's where there is no own one."""

    name: str
    job_title: str | None
    organisation_name: str
    office_phone: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class PublicCard:
    """The A role and the B role of an enterprise; None where nobody stands."""

    enterprise_id: int
    enterprise_name: str
    lead: OnCard | None
    deputy: OnCard | None


_PLACES: sa.Select[*tuple[Any, ...]] = (
    sa.select(
        Enterprise.name,
        Pairing.role,
        Housekeeper.name,
        Housekeeper.job_title,
        Organisation.name,
        sa.func.coalesce(Housekeeper.office_phone, Organisation.office_phone),
        Pairing.started_at,
    )
    .select_from(Enterprise)
    .outerjoin(
        Pairing, sa.and_(Pairing.enterprise_id == Enterprise.id, Pairing.state.in_(STANDING))
    )
    .outerjoin(Housekeeper, Housekeeper.id == Pairing.housekeeper_id)
    .outerjoin(Organisation, Organisation.id == Housekeeper.organisation_id)
)
"""The enterprise with each place that is filled, or alone."""


def read_card(actor: Actor, enterprise_id: int) -> PublicCard:
    """The card of a visible enterprise as it stands now. Raises `NotFound`."""
    query = _PLACES.where(Enterprise.id == enterprise_id, visible_enterprises(actor))
    rows = db.session.execute(query).all()
    if not rows:
        raise NotFound
    filled = {role: OnCard(*person) for _, role, *person in rows if role}
    return PublicCard(
        enterprise_id, rows[0][0], filled.get(PairingRole.LEAD), filled.get(PairingRole.DEPUTY)
    )
