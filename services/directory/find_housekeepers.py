"""管家: looking them up, within what the actor may see."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.masking import mask_phone
from app.models.area import Area
from app.models.housekeeper import HOUSEKEEPER_TERMS, Housekeeper
from app.models.organisation import Organisation
from app.sealing import unseal
from services.directory.find_areas import area_prefix
from services.paging import ascending, fetch_page
from services.search.named import found_by
from services.search.question import question
from services.visibility.asking import within_area
from services.visibility.register import visible_housekeepers

BY_ID = ascending("id", Housekeeper.id)


@dataclass(frozen=True, slots=True)
class HousekeeperCard:
    """A housekeeper. `phone`, the mobile number, is masked; the office number is public."""

    id: int
    name: str
    phone: str
    office_phone: str | None
    organisation_id: int
    organisation_name: str
    department: str | None
    job_title: str | None
    area_code: str
    area_name: str
    grade: str | None
    duty_state: str


@dataclass(frozen=True, slots=True)
class HousekeeperFilter:
    """What to look for; None asks nothing. `area` is a code, with everything below it.

    `q` is words of a name, a mobile number or the last four digits of one.
    """

    q: str | None = None
    area: str | None = None


def list_housekeepers(
    actor: Actor, wanted: HousekeeperFilter, page: Page
) -> tuple[list[HousekeeperCard], str | None]:
    """One page of visible housekeepers, and the next cursor. Raises `InvalidInput`."""
    query = _cards(actor)
    within = [visible_housekeepers(actor)]
    limits = [actor.area_prefix or ""]
    if wanted.area is not None:
        limits.append(area_prefix(wanted.area) or "")
        within.append(within_area(Housekeeper.area_code, area_prefix(wanted.area)))
    if wanted.q is not None:
        asked = question(wanted.q, filter(None, limits))
        query = query.where(found_by(Housekeeper.id, HOUSEKEEPER_TERMS, asked, page.limit, *within))
    found = fetch_page(query.where(*within), BY_ID, page)
    return [_card(row) for row in found.rows], found.next_cursor


def get_housekeeper(actor: Actor, housekeeper_id: int) -> HousekeeperCard:
    """One visible housekeeper. Raises `NotFound`."""
    row = db.session.execute(_cards(actor).where(Housekeeper.id == housekeeper_id)).one_or_none()
    if row is None:
        raise NotFound
    return _card(row)


def _cards(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Housekeeper,
            Organisation.name.label("organisation_name"),
            Area.name.label("area_name"),
        )
        .join(Organisation, Organisation.id == Housekeeper.organisation_id)
        .join(Area, Area.code == Housekeeper.area_code)
        .where(visible_housekeepers(actor))
    )


def _card(row: sa.Row[*tuple[Any, ...]]) -> HousekeeperCard:
    housekeeper: Housekeeper = row[0]
    return HousekeeperCard(
        id=housekeeper.id,
        name=housekeeper.name,
        phone=mask_phone(unseal(housekeeper.phone, "housekeepers.phone")),
        office_phone=housekeeper.office_phone,
        organisation_id=housekeeper.organisation_id,
        organisation_name=row.organisation_name,
        department=housekeeper.department,
        job_title=housekeeper.job_title,
        area_code=housekeeper.area_code,
        area_name=row.area_name,
        grade=housekeeper.grade,
        duty_state=housekeeper.duty_state,
    )
