"""行政区划 for pickers and filters: the areas below one, and the prefix that a filter compares."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.errors import FieldError, InvalidInput
from app.domain.keyset import Page
from app.models.area import Area
from services.directory.areas import IN_FORCE
from services.paging import ascending, fetch_page

BY_CODE = ascending("code", Area.code)


@dataclass(frozen=True, slots=True)
class AreaItem:
    """An area as a picker shows it. `is_local` marks a zone without a national code."""

    code: str
    name: str
    level: str
    parent_code: str | None
    is_local: bool
    has_children: bool


def list_areas(parent: str | None, page: Page) -> tuple[list[AreaItem], str | None]:
    """One page of the areas in force right below `parent` (None: the provinces), by code.

    Also the next cursor. Raises `InvalidInput` for an unknown parent.
    """
    if parent is not None:
        area_prefix(parent, "/parent")
    below = aliased(Area)
    query = sa.select(
        Area.code,
        Area.name,
        Area.level,
        Area.parent_code,
        Area.is_local,
        sa.exists()
        .where(below.parent_code == Area.code, below.ended_on.is_(None))
        .label("has_children"),
    ).where(Area.parent_code.is_(None) if parent is None else Area.parent_code == parent, IN_FORCE)
    found = fetch_page(query, BY_CODE, page)
    return [AreaItem(*row[:6]) for row in found.rows], found.next_cursor


def area_prefix(code: str, pointer: str = "/area") -> str:
    """What all area codes inside the area `code` begin with, also one that ended.

    Raises `InvalidInput` at `pointer` when there is no such area.
    """
    prefix = db.session.scalar(sa.select(Area.prefix).where(Area.code == code))
    if prefix is None:
        raise InvalidInput([FieldError(pointer, "unknown-area", "没有这个区划。")])
    return prefix
