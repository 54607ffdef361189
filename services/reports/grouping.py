"""报表分组: by what the rows are summed, and how the groups are named."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.areas import full_code
from app.domain.indicators import GroupBy
from app.models.area import Area
from app.models.category import Category
from app.models.organisation import Organisation
from app.models.ticket import Ticket
from services.directory.organisations import get_unit
from services.reports.sources import Source
from services.reports.told import Group

ZONE = "Asia/Shanghai"
MONTH = "YYYY-MM"


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a report is grouped.

    `column`: the raw key of a source's rows, as text. `key_of`: the group of a raw key, None for
    the rest. `groups`: those that have a name, given the keys that occur.
    """

    column: Callable[[Source, Any], Any]
    key_of: Callable[[str | None], str | None]
    groups: Callable[[Iterable[str]], list[Group]]


def grouping_of(actor: Actor, group_by: GroupBy) -> Grouping:
    """The grouping that the actor asked for."""
    return _GROUPINGS[group_by](actor)


def _by_area(actor: Actor) -> Grouping:
    """One level below the actor's own area, as the tree has it: a town may hang under a city."""
    own = _own_prefix(actor)
    children = db.session.execute(
        sa.select(Area.code, Area.name, Area.prefix, Area.ended_on)
        .where(Area.parent_code == full_code(own) if own else Area.parent_code.is_(None))
        .order_by(Area.code)
    ).all()
    cut = max((len(child.prefix) for child in children), default=0)

    def key_of(raw: str | None) -> str | None:
        return next((one.code for one in children if (raw or "").startswith(one.prefix)), None)

    def groups(keys: Iterable[str]) -> list[Group]:
        occurring = set(keys)
        shown = [one for one in children if one.ended_on is None or one.code in occurring]
        return [Group(one.code, one.name) for one in shown]

    return Grouping(
        column=lambda _source, _instant: sa.func.left(sa.cast(Ticket.area_code, sa.Text), cut),
        key_of=key_of,
        groups=groups,
    )


def _own_prefix(actor: Actor) -> str:
    if actor.area_prefix is None and actor.organisation_id is not None:
        return get_unit(actor.organisation_id).area_prefix
    return actor.area_prefix or ""


def _by_organisation(_: Actor) -> Grouping:
    def groups(keys: Iterable[str]) -> list[Group]:
        units = db.session.execute(
            sa.select(Organisation.id, Organisation.name)
            .where(Organisation.id.in_([int(key) for key in keys]))
            .order_by(Organisation.name)
        )
        return [Group(str(unit), name) for unit, name in units]

    return Grouping(lambda source, _: sa.cast(source.unit, sa.Text), _as_it_is, groups)


def _by_category(_: Actor) -> Grouping:
    def groups(keys: Iterable[str]) -> list[Group]:
        categories = db.session.execute(
            sa.select(Category.code, Category.name)
            .where(sa.or_(Category.is_active, Category.code.in_(list(keys))))
            .order_by(Category.sort)
        )
        return [Group(code, name) for code, name in categories]

    return Grouping(lambda _source, _instant: Ticket.category_code, _as_it_is, groups)


def _by_month(_: Actor) -> Grouping:
    """Months are named by the period that was asked for, not by what occurs."""
    return Grouping(
        lambda _, instant: sa.func.to_char(sa.func.timezone(ZONE, instant), MONTH),
        _as_it_is,
        lambda _: [],
    )


def _as_it_is(raw: str | None) -> str | None:
    return raw


_GROUPINGS: Mapping[GroupBy, Callable[[Actor], Grouping]] = {
    GroupBy.AREA: _by_area,
    GroupBy.ORGANISATION: _by_organisation,
    GroupBy.CATEGORY: _by_category,
    GroupBy.MONTH: _by_month,
}
