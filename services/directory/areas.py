"""行政区划: storing the tree, and looking things up in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.areas import LEVELS, prefix
from app.models.area import Area
from app.models.bulk import insert_rows

CHUNK = 5_000
IN_FORCE = Area.ended_on.is_(None)
"""Areas that are offered and taken for anything new; the others are history."""


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """One area as it is shipped. `is_local` marks a zone without a national code."""

    code: str
    name: str
    level: str
    parent_code: str | None
    is_local: bool = False


def store_areas(entries: Iterable[AreaEntry]) -> int:
    """Insert or correct areas, parents first; answers how many rows changed. Safe to repeat."""
    waiting = iter(sorted(entries, key=lambda entry: LEVELS.index(entry.level)))
    changed = 0
    while chunk := list(islice(waiting, CHUNK)):
        changed += _store_chunk(chunk)
    return changed


def _store_chunk(chunk: list[AreaEntry]) -> int:
    insert = insert_rows(Area, [_row(entry) for entry in chunk])
    present, given = sa.tuple_(Area.name, Area.parent_code), insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=[Area.code],
        set_={"name": given.name, "parent_code": given.parent_code},
        where=present.is_distinct_from(sa.tuple_(given.name, given.parent_code)),
    )
    return len(db.session.execute(statement.returning(Area.code)).all())


def _row(entry: AreaEntry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "name": entry.name,
        "level": entry.level,
        "parent_code": entry.parent_code,
        "prefix": prefix(entry.code, entry.level),
        "is_local": entry.is_local,
    }


def area_levels(scope: str) -> dict[str, str]:
    """The level of every area in force within the prefix `scope` by its code."""
    levels = sa.select(Area.code, Area.level).where(_within(scope), IN_FORCE)
    return dict(db.session.execute(levels).all())


def local_zones() -> dict[str, str]:
    """The codes of the areas in force without a national code, by name."""
    zones = sa.select(Area.name, Area.code).where(Area.is_local, IN_FORCE)
    return dict(db.session.execute(zones).all())


def towns_of(scope: str) -> dict[tuple[str, str], str]:
    """The codes of the towns in the area `scope`, by the prefix of the county and the name."""
    towns = sa.select(Area.code, Area.name).where(Area.level == "town", _within(scope), IN_FORCE)
    return {(prefix(code, "county"), name): code for code, name in db.session.execute(towns)}


def _within(scope: str) -> sa.ColumnElement[bool]:
    return Area.code.startswith(scope, autoescape=True)
