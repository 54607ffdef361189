"""企业登记的手工录入和更正: by the officer of an authority, under the rules of the workbook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import uscc
from app.domain.actor import Actor
from app.domain.areas import is_within
from app.domain.errors import AlreadyExists, FieldError, Forbidden, InvalidInput, NotFound
from app.domain.permissions import Permission, demand
from app.domain.register import CATEGORIES, CLOSED_DOWN, chinese_name, code_fault, mobile
from app.models.area import Area
from app.models.enterprise import Enterprise
from app.models.organisation import Organisation
from app.sealing import unseal
from services.audit import record
from services.directory.areas import IN_FORCE
from services.directory.closed_enterprises import EnterpriseClosed
from services.directory.enterprises import (
    EnterpriseEntry,
    Filing,
    Registered,
    find_registered,
    new_enterprise_ids,
    store_enterprises,
)
from services.visibility.register import visible_enterprises

NAMES = ("name", "contact_name", "legal_person")
SEALED = ("contact_name", "contact_phone", "legal_person")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an enterprise, by the fields of `EnterpriseEntry`; the rest is not in it."""

    fields: Mapping[str, Any]


def add_enterprise(actor: Actor, said: Said) -> int:
    """Register an enterprise as reported by the actor's own authority; its identity.

    Raises `Forbidden` (no authority), `InvalidInput`, `AlreadyExists` naming who reported it.
    """
    demand(actor, Permission.EDIT_REGISTER)
    authority = _authority(actor)
    blank = EnterpriseEntry(
        name="",
        uscc=None,
        categories=(),
        area_code="",
        contact_name="",
        contact_phone="",
        reporting_organisation=authority.name,
    )
    entry = _checked(actor, authority, replace(blank, **_cleaned(said)))
    [known] = find_registered([entry])
    if known is not None:
        raise AlreadyExists(f"该企业已由{known.reported_by}报送。")
    [enterprise_id] = new_enterprise_ids(1)
    store_enterprises([Filing(entry, enterprise_id, authority.id)], None)
    record(actor, "add_enterprise", f"enterprise:{enterprise_id}")
    return enterprise_id


def change_enterprise(actor: Actor, enterprise_id: int, said: Said) -> None:
    """Correct what is said and leave the rest; who reported the enterprise is kept.

    Raises `NotFound`, `Forbidden` (of another authority's categories), `EnterpriseClosed`,
    `InvalidInput`, `AlreadyExists` (the credit code is another's).
    """
    demand(actor, Permission.EDIT_REGISTER)
    authority = _authority(actor)
    enterprise = to_correct(actor, enterprise_id)
    reporter = db.session.get_one(Organisation, enterprise.reporting_organisation_id)
    present = _entry_of(enterprise, reporter.name)
    entry = _checked(actor, authority, replace(present, **_cleaned(said)))
    _check_code(entry, enterprise_id)
    known = Registered(
        id=enterprise_id,
        uscc=enterprise.uscc,
        name=enterprise.name,
        area_code=enterprise.area_code,
        operating_state=enterprise.operating_state,
        reported_by=reporter.name,
    )
    store_enterprises([Filing(entry, enterprise_id, reporter.id, known)], None)
    db.session.expire(enterprise)
    facts = {"fields": sorted(said.fields)}
    record(actor, "change_enterprise", f"enterprise:{enterprise_id}", facts)


def to_correct(actor: Actor, enterprise_id: int) -> Enterprise:
    """The enterprise, locked; one that is open and that the actor's own authority reports.

    Raises `NotFound`, `Forbidden` (of another authority's categories), `EnterpriseClosed`.
    """
    authority = _authority(actor)
    query = sa.select(Enterprise).where(Enterprise.id == enterprise_id, visible_enterprises(actor))
    enterprise = db.session.scalar(query.with_for_update())
    if enterprise is None:
        raise NotFound
    if enterprise.primary_category not in authority.reports_categories:
        raise Forbidden("该企业的登记类别由其他单位报送。")
    if enterprise.operating_state == CLOSED_DOWN:
        raise EnterpriseClosed
    return enterprise


def _authority(actor: Actor) -> Organisation:
    unit = actor.organisation_id and db.session.get(Organisation, actor.organisation_id)
    if not unit:
        raise Forbidden("您的身份没有报送单位。")
    return unit


def _entry_of(enterprise: Enterprise, reporter: str) -> EnterpriseEntry:
    plain = {
        name: getattr(enterprise, name)
        for name in EnterpriseEntry.__dataclass_fields__
        if name not in (*SEALED, "reporting_organisation", "categories")
    }
    opened: dict[str, Any] = {
        name: sealed and unseal(sealed, f"enterprises.{name}")
        for name in SEALED
        for sealed in [getattr(enterprise, name)]
    }
    return EnterpriseEntry(
        **plain,
        **opened,
        categories=tuple(enterprise.categories),
        reporting_organisation=reporter,
    )


def _cleaned(said: Said) -> dict[str, Any]:
    """The fields as the register compares and stores them."""
    found = dict(said.fields)
    for name in NAMES:
        if found.get(name):
            found[name] = chinese_name(found[name])
    if "uscc" in found:
        found["uscc"] = uscc.normalise(found["uscc"] or "") or None
    if "contact_phone" in found:
        found["contact_phone"] = mobile(found["contact_phone"]) or ""
    if "categories" in found:
        found["categories"] = tuple(one for one in CATEGORIES if one in found["categories"])
    return found


def _checked(actor: Actor, authority: Organisation, entry: EnterpriseEntry) -> EnterpriseEntry:
    errors = [*_faults(authority, entry), *_place_faults(actor, entry)]
    if errors:
        raise InvalidInput(errors)
    return entry


def _faults(authority: Organisation, entry: EnterpriseEntry) -> Iterator[FieldError]:
    if reason := code_fault(entry.name, entry.uscc or ""):
        yield FieldError("/uscc", "uscc", reason)
    if not entry.contact_phone:
        yield FieldError("/contact_phone", "phone", "手机应为 11 位手机号码。")
    if entry.categories[0] not in authority.reports_categories:
        detail = f"{entry.categories[0]}不由{authority.name}报送。"
        yield FieldError("/categories", "not-reported", detail)
    if entry.operating_state == CLOSED_DOWN:
        yield FieldError("/operating_state", "closure", "注销请用企业注销办理。")


def _place_faults(actor: Actor, entry: EnterpriseEntry) -> Iterator[FieldError]:
    if not is_within(entry.area_code, actor.area_prefix or ""):
        yield FieldError("/area_code", "foreign-area", "区划不在您负责报送的范围内。")
    elif not _is_in_force(Area.code == entry.area_code):
        yield FieldError("/area_code", "unknown-area", "没有这个区划，或已撤销。")
    zone = entry.managing_area_code
    if zone is not None and not _is_in_force(sa.and_(Area.code == zone, Area.is_local)):
        yield FieldError("/managing_area_code", "unknown-zone", "没有这个本地管理区。")


def _is_in_force(condition: sa.ColumnElement[bool]) -> bool:
    return db.session.scalar(sa.select(Area.code).where(condition, IN_FORCE)) is not None


def _check_code(entry: EnterpriseEntry, enterprise_id: int) -> None:
    if entry.uscc is None:
        return
    taken = sa.select(Enterprise.id).where(
        Enterprise.uscc == entry.uscc, Enterprise.id != enterprise_id
    )
    if db.session.scalar(taken) is not None:
        raise AlreadyExists("该统一社会信用代码已属于另一家企业。")
