"""本地管理区: development zones that manage enterprises and have no national code."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.areas import LEVELS, PREFIX_LENGTHS, local_codes
from app.domain.errors import AlreadyExists, FieldError, InvalidInput
from app.domain.permissions import Permission, demand
from app.domain.register import chinese_name
from app.models.area import Area
from services.audit import record
from services.directory.areas import IN_FORCE, AreaEntry, store_areas
from services.directory.find_areas import AreaItem

ONE_AT_A_TIME = 0x7A6F6E65
"""Key of the lock under which zones get their codes."""


@dataclass(frozen=True, slots=True)
class NewZone:
    """A zone below the area `parent_code`; `level` None: the one right below the parent's."""

    name: str
    parent_code: str
    level: str | None = None


def add_zone(actor: Actor, zone: NewZone) -> AreaItem:
    """A new zone, with the first local code that was never used.

    Raises `Forbidden`, `InvalidInput` (parent, level), `AlreadyExists` (the name, among zones:
    workbooks name zones by it).
    """
    demand(actor, Permission.CONFIGURE_DIRECTORY)
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    parent = db.session.scalar(sa.select(Area).where(Area.code == zone.parent_code, IN_FORCE))
    if parent is None:
        raise InvalidInput([FieldError("/parent_code", "unknown-area", "没有这个区划，或已撤销。")])
    level, name = _level_below(parent.level, zone.level), chinese_name(zone.name)
    if db.session.scalar(sa.select(Area.code).where(Area.name == name, Area.is_local, IN_FORCE)):
        raise AlreadyExists(f"本地管理区 {name} 已存在。")
    codes = local_codes(parent.prefix, level)
    used = set(db.session.scalars(sa.select(Area.code).where(Area.parent_code == parent.code)))
    code = next(code for code in codes if code not in used)
    store_areas([AreaEntry(code, name, level, parent.code, is_local=True)])
    record(actor, "add_zone", f"area:{code}")
    return AreaItem(code, name, level, parent.code, is_local=True, has_children=False)


def _level_below(parent: str, wanted: str | None) -> str:
    lower = LEVELS[LEVELS.index(parent) + 1 :]
    level = wanted or (lower[0] if lower else None)
    if level not in PREFIX_LENGTHS or level not in lower:
        raise InvalidInput([FieldError("/level", "level", "层级须低于上级区划。")])
    return level
