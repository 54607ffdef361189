"""单位: looking them up, for pickers and cards. What is shown here is public within the service."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.masking import mask_phone
from app.models.area import Area
from app.models.organisation import Organisation
from app.sealing import unseal
from services.directory.find_areas import area_prefix
from services.paging import ascending, fetch_page
from services.visibility.asking import within_area

BY_NAME = ascending("name", Organisation.name, Organisation.id)
CONTACTS = ("unit_head", "deputy_leader")


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """A unit. `reports_categories` are of the register, `handles_categories` of the tickets."""

    id: int
    name: str
    kind: str
    area_code: str | None
    area_name: str | None
    parent_id: int | None
    is_confirmed: bool
    reports_categories: tuple[str, ...]
    handles_categories: tuple[str, ...]
    office_phone: str | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers for a unit. `phone`, a mobile number, is masked."""

    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class OrganisationDetail(OrganisationCard):
    """A unit with its contacts; the enterprise's side is shown none."""

    unit_head: Contact | None
    deputy_leader: Contact | None


@dataclass(frozen=True, slots=True)
class OrganisationFilter:
    """What to look for; None asks nothing. `q` is part of a name, `area` a code with all below.

    Units that closed are left out unless `with_closed`.
    """

    q: str | None = None
    area: str | None = None
    kind: str | None = None
    with_closed: bool = False


def list_organisations(
    wanted: OrganisationFilter, page: Page
) -> tuple[list[OrganisationCard], str | None]:
    """One page of units by name, and the next cursor. Raises `InvalidInput` (unknown area)."""
    query = _cards()
    if wanted.q is not None:
        query = query.where(Organisation.name.icontains(wanted.q, autoescape=True))
    if wanted.area is not None:
        query = query.where(within_area(Organisation.area_code, area_prefix(wanted.area)))
    if wanted.kind is not None:
        query = query.where(Organisation.kind == wanted.kind)
    if not wanted.with_closed:
        query = query.where(Organisation.closed_on.is_(None))
    found = fetch_page(query, BY_NAME, page)
    return [OrganisationCard(**_told(row)) for row in found.rows], found.next_cursor


def get_organisation(actor: Actor, organisation_id: int) -> OrganisationDetail:
    """One unit, also a closed one. Raises `NotFound`."""
    row = db.session.execute(_cards().where(Organisation.id == organisation_id)).one_or_none()
    if row is None:
        raise NotFound
    shown = {} if actor.is_enterprise else {part: _contact(row[0], part) for part in CONTACTS}
    return OrganisationDetail(
        **_told(row),
        unit_head=shown.get("unit_head"),
        deputy_leader=shown.get("deputy_leader"),
    )


def _cards() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Organisation, Area.name.label("area_name")).outerjoin(
        Area, Area.code == Organisation.area_code
    )


def _told(row: sa.Row[*tuple[Any, ...]]) -> dict[str, Any]:
    unit: Organisation = row[0]
    return {
        "id": unit.id,
        "name": unit.name,
        "kind": unit.kind,
        "area_code": unit.area_code,
        "area_name": row.area_name,
        "parent_id": unit.parent_id,
        "is_confirmed": unit.is_confirmed,
        "reports_categories": tuple(unit.reports_categories),
        "handles_categories": tuple(unit.handles_categories),
        "office_phone": unit.office_phone,
        "closed_on": unit.closed_on,
    }


def _contact(unit: Organisation, part: str) -> Contact | None:
    name, phone = getattr(unit, f"{part}_name"), getattr(unit, f"{part}_phone")
    if name is None:
        return None
    return Contact(
        name, mask_phone(unseal(phone, f"organisations.{part}_phone")) if phone else None
    )
