"""单位: finding them by name, and making those that only a workbook named."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain.errors import AlreadyExists, NotFound
from app.models.area import Area
from app.models.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation as the register needs it: which one, and whether somebody confirmed it."""

    id: int
    name: str
    is_confirmed: bool
    area_prefix: str


def find_units(names: list[str]) -> dict[str, Unit]:
    """The organisations of these names; unknown names are left out."""
    query = _units().where(Organisation.name == sa.any_(sa.cast(names, sa.ARRAY(sa.Text))))
    return {row.name: Unit(*row) for row in db.session.execute(query)}


def ensure_units(areas_by_name: Mapping[str, str | None]) -> dict[str, Unit]:
    """The organisations of these names; unknown ones are created unconfirmed, in the given area."""
    found = find_units(list(areas_by_name))
    unknown = [
        {"name": name, "area_code": area}
        for name, area in areas_by_name.items()
        if name not in found
    ]
    if not unknown:
        return found
    db.session.execute(insert(Organisation).on_conflict_do_nothing(), unknown)
    return found | find_units([row["name"] or "" for row in unknown])


def get_unit(organisation_id: int) -> Unit:
    """One organisation. Raises `NotFound`."""
    row = db.session.execute(_units().where(Organisation.id == organisation_id)).one_or_none()
    if row is None:
        raise NotFound
    return Unit(*row)


def _units() -> sa.Select[int, str, bool, str]:
    return sa.select(
        Organisation.id,
        Organisation.name,
        Organisation.is_confirmed,
        sa.func.coalesce(Area.prefix, ""),
    ).outerjoin(Area, Area.code == Organisation.area_code)


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that an administrator adds by hand; it is confirmed from the start."""

    name: str
    kind: str
    area_code: str | None
    office_phone: str | None


def add_unit(unit: NewUnit) -> int:
    """Add a confirmed organisation. Raises `AlreadyExists`, `NotFound` (no such area)."""
    if find_units([unit.name]):
        raise AlreadyExists(f"单位 {unit.name} 已存在。")
    area = db.session.get(Area, unit.area_code) if unit.area_code is not None else None
    if unit.area_code is not None and (area is None or area.ended_on is not None):
        raise NotFound(f"没有区划代码 {unit.area_code}。")
    organisation = Organisation(**asdict(unit), is_confirmed=True)
    db.session.add(organisation)
    db.session.flush()
    return organisation.id


def confirm_unit(name: str) -> None:
    """Confirm an organisation that only a workbook had named. Raises `NotFound`."""
    unit = find_units([name]).get(name)
    if unit is None:
        raise NotFound(f"没有单位 {name}。")
    db.session.execute(
        sa.update(Organisation).where(Organisation.id == unit.id).values(is_confirmed=True)
    )
