"""单位: looking them up, for pickers and cards. What is shown here is public within the service."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.models.area import Area
from app.models.organisation import Organisation
from services.directory.find_areas import area_prefix
from services.paging import ascending, fetch_page
from services.visibility.asking import within_area

BY_NAME = ascending("name", Organisation.name, Organisation.id)


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """A unit. `reports_categories` are the register categories that it reports."""

    id: int
    name: str
    kind: str
    area_code: str | None
    area_name: str | None
    parent_id: int | None
    is_confirmed: bool
    reports_categories: tuple[str, ...]
    office_phone: str | None


@dataclass(frozen=True, slots=True)
class OrganisationFilter:
    """What to look for; None asks nothing. `q` is part of a name, `area` a code with all below."""

    q: str | None = None
    area: str | None = None
    kind: str | None = None


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
    found = fetch_page(query, BY_NAME, page)
    return [_card(row) for row in found.rows], found.next_cursor


def get_organisation(organisation_id: int) -> OrganisationCard:
    """One unit. Raises `NotFound`."""
    row = db.session.execute(_cards().where(Organisation.id == organisation_id)).one_or_none()
    if row is None:
        raise NotFound
    return _card(row)


def _cards() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Organisation, Area.name.label("area_name")).outerjoin(
        Area, Area.code == Organisation.area_code
    )


def _card(row: sa.Row[*tuple[Any, ...]]) -> OrganisationCard:
    unit: Organisation = row[0]
    return OrganisationCard(
        id=unit.id,
        name=unit.name,
        kind=unit.kind,
        area_code=unit.area_code,
        area_name=row.area_name,
        parent_id=unit.parent_id,
        is_confirmed=unit.is_confirmed,
        reports_categories=tuple(unit.reports_categories),
        office_phone=unit.office_phone,
    )
