"""企业: looking them up, within what the actor may see, with personal data masked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.masking import mask_name, mask_phone
from app.domain.permissions import Permission, Scope, scope_of
from app.models.area import Area
from app.models.enterprise import ENTERPRISE_TERMS, Enterprise
from app.models.organisation import Organisation
from app.sealing import unseal
from services.directory.find_areas import area_prefix
from services.paging import ascending, fetch_page
from services.search.named import found_by
from services.search.question import question
from services.visibility.asking import Condition, within_area
from services.visibility.register import visible_enterprises

BY_ID = ascending("id", Enterprise.id)


@dataclass(frozen=True, slots=True)
class EnterpriseItem:
    """An enterprise in a list. `contact_name` and `contact_phone` are masked."""

    id: int
    name: str
    uscc: str | None
    uscc_state: str
    primary_category: str
    operating_state: str
    area_code: str
    area_name: str
    contact_name: str
    contact_phone: str


@dataclass(frozen=True, slots=True)
class EnterpriseCard(EnterpriseItem):
    """All that the register says of an enterprise. `total_investment` is in 万元.

    `legal_person` is masked too; `remark`, the authority's own note, is None for the enterprise.
    """

    categories: tuple[str, ...]
    industry: str | None
    scale: str | None
    project_name: str | None
    project_code: str | None
    project_stage: str | None
    total_investment: Decimal | None
    managing_area_code: str | None
    managing_area_name: str | None
    registered_address: str | None
    operating_address: str | None
    legal_person: str | None
    contact_title: str | None
    reporting_organisation_id: int
    reporting_organisation_name: str
    remark: str | None
    visit_preference: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class EnterpriseFilter:
    """What to look for; None asks nothing. `area` is a code, with everything managed below it.

    `q` is words of a name, a credit code, a mobile number or the last four digits of one, or the
    whole name of the contact or the legal person.
    """

    q: str | None = None
    category: str | None = None
    area: str | None = None


def list_enterprises(
    actor: Actor, wanted: EnterpriseFilter, page: Page
) -> tuple[list[EnterpriseItem], str | None]:
    """One page of visible enterprises, and the next cursor. Raises `InvalidInput`."""
    query = sa.select(Enterprise, Area.name.label("area_name")).join(
        Area, Area.code == Enterprise.area_code
    )
    within = _within(actor, wanted)
    if wanted.q is not None:
        asked = question(wanted.q, _limits(actor, wanted))
        query = query.where(found_by(Enterprise.id, ENTERPRISE_TERMS, asked, page.limit, *within))
    found = fetch_page(query.where(*within), BY_ID, page)
    return [EnterpriseItem(**_item(row)) for row in found.rows], found.next_cursor


def get_enterprise(actor: Actor, enterprise_id: int) -> EnterpriseCard:
    """One visible enterprise. Raises `NotFound`."""
    managing = aliased(Area)
    query = (
        sa.select(
            Enterprise,
            Area.name.label("area_name"),
            managing.name.label("managing_area_name"),
            Organisation.name.label("reporting_organisation_name"),
        )
        .join(Area, Area.code == Enterprise.area_code)
        .outerjoin(managing, managing.code == Enterprise.managing_area_code)
        .join(Organisation, Organisation.id == Enterprise.reporting_organisation_id)
        .where(Enterprise.id == enterprise_id, visible_enterprises(actor))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return _card(row, is_own=actor.is_enterprise)


def require_enterprise(actor: Actor, enterprise_id: int) -> None:
    """Raises `NotFound` unless the actor may see this enterprise."""
    visible = sa.exists().where(Enterprise.id == enterprise_id, visible_enterprises(actor))
    if not db.session.scalar(sa.select(visible)):
        raise NotFound


def _within(actor: Actor, wanted: EnterpriseFilter) -> list[Condition]:
    conditions = [visible_enterprises(actor)]
    if wanted.category is not None:
        conditions.append(Enterprise.categories.contains([wanted.category]))
    if wanted.area is not None:
        managed = sa.func.coalesce(Enterprise.managing_area_code, Enterprise.area_code)
        conditions.append(within_area(managed, area_prefix(wanted.area)))
    return conditions


def _limits(actor: Actor, wanted: EnterpriseFilter) -> list[str]:
    """The areas in which all answers lie: the one asked for, and the actor's own."""
    asked = area_prefix(wanted.area) if wanted.area else ""
    is_limited = scope_of(actor, Permission.READ_ENTERPRISES) is Scope.AREA
    own = actor.area_prefix if is_limited else ""
    return [prefix for prefix in (asked, own) if prefix]


def _item(row: sa.Row[*tuple[Any, ...]]) -> dict[str, Any]:
    enterprise: Enterprise = row[0]
    contact = unseal(enterprise.contact_name, "enterprises.contact_name")
    phone = unseal(enterprise.contact_phone, "enterprises.contact_phone")
    return {
        "id": enterprise.id,
        "name": enterprise.name,
        "uscc": enterprise.uscc,
        "uscc_state": enterprise.uscc_state,
        "primary_category": enterprise.primary_category,
        "operating_state": enterprise.operating_state,
        "area_code": enterprise.area_code,
        "area_name": row.area_name,
        "contact_name": mask_name(contact),
        "contact_phone": mask_phone(phone),
    }


def _card(row: sa.Row[*tuple[Any, ...]], *, is_own: bool) -> EnterpriseCard:
    enterprise: Enterprise = row[0]
    legal = enterprise.legal_person
    return EnterpriseCard(
        **_item(row),
        categories=tuple(enterprise.categories),
        industry=enterprise.industry,
        scale=enterprise.scale,
        project_name=enterprise.project_name,
        project_code=enterprise.project_code,
        project_stage=enterprise.project_stage,
        total_investment=enterprise.total_investment,
        managing_area_code=enterprise.managing_area_code,
        managing_area_name=row.managing_area_name,
        registered_address=enterprise.registered_address,
        operating_address=enterprise.operating_address,
        legal_person=mask_name(unseal(legal, "enterprises.legal_person")) if legal else None,
        contact_title=enterprise.contact_title,
        reporting_organisation_id=enterprise.reporting_organisation_id,
        reporting_organisation_name=row.reporting_organisation_name,
        remark=None if is_own else enterprise.remark,
        visit_preference=enterprise.visit_preference,
        closed_on=enterprise.closed_on,
    )
