"""单位: finding them by name, and making those that only a workbook named."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain.errors import NotFound
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
