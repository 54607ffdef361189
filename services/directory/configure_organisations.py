"""单位的设置: adding, changing, confirming and closing units, by who configures the service."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import AlreadyExists, Conflict, FieldError, InvalidInput, NotFound
from app.domain.permissions import Permission, demand
from app.domain.register import chinese_name, mobile
from app.domain.vocabulary import GONE, AssignmentState
from app.domain.work_calendar import LOCAL_ZONE
from app.models.account import Membership
from app.models.area import Area
from app.models.assignment import Assignment
from app.models.category import Category
from app.models.organisation import Organisation
from app.sealing import seal
from services.audit import record
from services.directory.areas import IN_FORCE
from services.directory.find_organisations import CONTACTS

WITHOUT_AREA = ("vertical", "other")
"""Kinds that need no area: a vertical body (税务, 海关, 供电) is scoped by department."""

OVER = (AssignmentState.DONE, *GONE)
PLAIN = ("kind", "area_code", "parent_id", "office_phone")
DUTIES = ("reports_categories", "handles_categories")


class OrganisationInUse(Conflict):
    """该单位尚有未办结的子工单或有效的身份，不能撤销。"""

    code = "organisation-in-use"


@dataclass(frozen=True, slots=True)
class Changes:
    """What is said of a unit, by the names of its columns; what is not said is not in it.

    `unit_head` and `deputy_leader` are {"name": …, "phone": … or None}, or None for nobody.
    """

    said: Mapping[str, Any]


def add_organisation(actor: Actor, changes: Changes) -> int:
    """A new unit, confirmed. `name` and `kind` are said.

    Raises `Forbidden`, `AlreadyExists` (the name), `InvalidInput`.
    """
    demand(actor, Permission.CONFIGURE_DIRECTORY)
    unit = Organisation(is_confirmed=True, reports_categories=[], handles_categories=[])
    _apply(unit, changes.said)
    db.session.add(unit)
    db.session.flush()
    record(actor, "add_organisation", f"organisation:{unit.id}", _audited(changes))
    return unit.id


def change_organisation(actor: Actor, organisation_id: int, changes: Changes) -> None:
    """Change what is said of a unit and leave the rest. Raises what `add_organisation` raises,

    `NotFound`.
    """
    demand(actor, Permission.CONFIGURE_DIRECTORY)
    _apply(_locked(organisation_id), changes.said)
    db.session.flush()
    record(actor, "change_organisation", f"organisation:{organisation_id}", _audited(changes))


def confirm_organisation(actor: Actor, organisation_id: int) -> None:
    """Vouch for a unit that only a workbook named; safe to repeat. Raises `NotFound`."""
    demand(actor, Permission.CONFIGURE_DIRECTORY)
    unit = _locked(organisation_id)
    if not unit.is_confirmed:
        unit.is_confirmed = True
        record(actor, "confirm_organisation", f"organisation:{organisation_id}")


def close_organisation(actor: Actor, organisation_id: int, *, at: datetime) -> None:
    """The unit exists no longer; its history stays. Safe to repeat.

    Raises `OrganisationInUse` naming open assignments and standing memberships, `NotFound`.
    """
    demand(actor, Permission.CONFIGURE_DIRECTORY)
    unit = _locked(organisation_id)
    if unit.closed_on is not None:
        return
    if told := list(_obstacles(organisation_id, at)):
        raise OrganisationInUse(f"不能撤销：尚有{'，'.join(told)}。请先移交或结束。")
    unit.closed_on = at.astimezone(LOCAL_ZONE).date()
    record(actor, "close_organisation", f"organisation:{organisation_id}")


def _locked(organisation_id: int) -> Organisation:
    query = sa.select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    unit = db.session.scalar(query)
    if unit is None:
        raise NotFound
    return unit


def _obstacles(organisation_id: int, at: datetime) -> Iterator[str]:
    """In words: the assignments that are not done, and the memberships in force."""
    works = sa.select(sa.func.count()).where(
        Assignment.organisation_id == organisation_id, Assignment.state.not_in(OVER)
    )
    if count := db.session.scalar(works):
        yield f"未办结的子工单 {count} 件"
    people = sa.select(Membership.id).where(
        Membership.organisation_id == organisation_id,
        sa.or_(Membership.valid_until.is_(None), Membership.valid_until > at),
    )
    if ids := list(db.session.scalars(people.order_by(Membership.id))):
        yield f"有效的身份 {len(ids)} 个（编号 {'、'.join(map(str, ids[:10]))}）"


def _apply(unit: Organisation, said: Mapping[str, Any]) -> None:
    errors = [
        error for part, check in _CHECKS.items() if part in said for error in check(unit, said)
    ]
    kind = said.get("kind", unit.kind)
    if kind not in WITHOUT_AREA and said.get("area_code", unit.area_code) is None:
        errors.append(FieldError("/area_code", "required", "除垂直管理单位外须填写区划。"))
    if errors:
        raise InvalidInput(errors)
    if "name" in said:
        _rename(unit, chinese_name(said["name"]))
    for name in said.keys() & {*PLAIN, *DUTIES}:
        setattr(unit, name, list(said[name]) if name in DUTIES else said[name])
    for part in said.keys() & {*CONTACTS}:
        _record_contact(unit, part, said[part])


def _rename(unit: Organisation, name: str) -> None:
    taken = sa.select(Organisation.id).where(Organisation.name == name)
    if db.session.scalar(taken) not in {None, unit.id}:
        raise AlreadyExists(f"单位 {name} 已存在。")
    unit.name = name


def _record_contact(unit: Organisation, part: str, contact: Mapping[str, Any] | None) -> None:
    phone = contact and contact.get("phone")
    number = (mobile(phone) or "") if phone else None
    setattr(unit, f"{part}_name", contact and chinese_name(contact["name"]))
    setattr(unit, f"{part}_phone", number and seal(number, f"organisations.{part}_phone"))


def _area_faults(_: Organisation, said: Mapping[str, Any]) -> Iterator[FieldError]:
    code = said["area_code"]
    known = sa.select(Area.code).where(Area.code == code, IN_FORCE)
    if code is not None and db.session.scalar(known) is None:
        yield FieldError("/area_code", "unknown-area", "没有这个区划，或已撤销。")


def _parent_faults(unit: Organisation, said: Mapping[str, Any]) -> Iterator[FieldError]:
    """The parent is there, not closed, and neither the unit itself nor below it."""
    parent_id = said["parent_id"]
    if parent_id is None:
        return
    parent = db.session.get(Organisation, parent_id)
    if parent is None or parent.closed_on is not None:
        yield FieldError("/parent_id", "unknown-organisation", "没有这个单位，或已撤销。")
    elif unit.id in _line(parent_id):
        yield FieldError("/parent_id", "cycle", "上级单位不能是本单位或其下级。")


def _line(organisation_id: int) -> set[int]:
    """The unit and all above it. Taken one at a time: two moves at once could close a ring."""
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_MOVE_AT_A_TIME)))
    line = (
        sa.select(Organisation.id, Organisation.parent_id)
        .where(Organisation.id == organisation_id)
        .cte("line", recursive=True)
    )
    above = sa.select(Organisation.id, Organisation.parent_id).join(
        line, Organisation.id == line.c.parent_id
    )
    return set(db.session.scalars(sa.select(line.union(above).c.id)))


def _duty_faults(_: Organisation, said: Mapping[str, Any]) -> Iterator[FieldError]:
    active = set(db.session.scalars(sa.select(Category.code).where(Category.is_active)))
    for index, code in enumerate(said["handles_categories"]):
        if code not in active:
            yield FieldError(f"/handles_categories/{index}", "unknown-category", "没有这个类别。")


def _contact_faults(part: str) -> "Check":
    def faults(_: Organisation, said: Mapping[str, Any]) -> Iterator[FieldError]:
        phone = said[part] and said[part].get("phone")
        if phone and mobile(phone) is None:
            yield FieldError(f"/{part}/phone", "phone", "应为 11 位手机号码。")

    return faults


def _audited(changes: Changes) -> dict[str, Any]:
    """What was said, of contacts only that they were."""
    return {
        name: sorted(value) if isinstance(value, tuple) else value
        for name, value in changes.said.items()
        if name not in CONTACTS
    } | {"contacts": [part for part in CONTACTS if part in changes.said]}


Check = Callable[[Organisation, Mapping[str, Any]], Iterator[FieldError]]

ONE_MOVE_AT_A_TIME = 0x756E6974
"""Key of the lock under which units get another parent."""

_CHECKS: Mapping[str, Check] = {
    "area_code": _area_faults,
    "parent_id": _parent_faults,
    "handles_categories": _duty_faults,
    **{part: _contact_faults(part) for part in CONTACTS},
}
