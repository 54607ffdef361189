"""办结数字的读取: the report from figures counted beforehand, in one statement."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array

from app.domain.actor import Actor
from app.domain.areas import CODE_LENGTH, full_code
from app.domain.indicators import GroupBy
from app.domain.permissions import Permission, Scope, scope_of
from app.domain.spans import MONTH, covering
from app.models.area import Area
from app.models.category import Category
from app.models.closure_figures import ClosureCount, ClosureFigures
from app.models.organisation import Organisation
from app.prepared import Prepared
from services.reports.counting import SCOPES, definitions
from services.reports.question import Question
from services.reports.sources import FIGURES, column_of
from services.reports.told import Group, Told

OLDEST = timedelta(minutes=2)
"""Older figures are not told: whoever counts has stopped."""

_KEPT_BY = {group_by: group_by.value for group_by in GroupBy} | {GroupBy.MONTH: "area"}
"""Sums by month are sums of any grouping; that of areas has the fewest rows."""

Names: TypeAlias = tuple[Any, Callable[[Any], Any]]
"""Where names are: rows of key, name and place in the order, and which of these are shown."""

_KEY, _SPAN = ClosureFigures.key, ClosureFigures.span


def _unseen(name: str, kind: Any) -> Any:
    """A parameter whose value the planner cannot see, so that it keeps the plan that it has made.

    To plan anew for each value costs as much time as the answer, and finds the same plan.
    """
    return sa.cast(sa.select(sa.bindparam(name, type_=kind)).scalar_subquery(), kind)


_IS_FRESH = (
    ClosureCount.told_at <= sa.bindparam("at", type_=sa.TIMESTAMP(timezone=True)),
    ClosureCount.told_at >= sa.bindparam("since", type_=sa.TIMESTAMP(timezone=True)),
    ClosureCount.definitions == sa.bindparam("definitions", type_=sa.Text),
)


def counted_beforehand(actor: Actor, asked: Question, *, at: datetime) -> Told | None:
    """The figures of the actor's area as they were a minute or so before `at`.

    None: not kept for such a question or such an actor, or too old; they have to be counted now.
    """
    scope = _kept_scope(actor)
    if scope is None or asked.is_cohort or asked.until is not None:
        return None
    values = {
        "spans": list(covering(asked.period.first, asked.period.end)),
        "scope": scope,
        "own": full_code(scope),
        "at": at,
        "since": at - OLDEST,
        "definitions": definitions(),
    }
    rows = _statement(asked.group_by, is_everywhere=scope == "").execute(values)
    return _told(rows) if rows else None


def _kept_scope(actor: Actor) -> str | None:
    """The prefix of the area that the actor's statistics count, if figures are kept for it."""
    prefix = actor.area_prefix
    if scope_of(actor, Permission.READ_REPORTS) is not Scope.AREA or prefix is None:
        return None
    return prefix if len(prefix) in SCOPES else None


def _told(rows: Any) -> Told:
    groups, figures = [], {}
    for _, key, name, numbers in rows:
        if name:
            groups.append(Group(key, name))
        if numbers is not None:
            figures[key or None] = numbers
    return Told(rows[0][0], groups, figures)


@cache
def _statement(group_by: GroupBy, *, is_everywhere: bool) -> Prepared:
    return Prepared(_report(group_by, is_everywhere=is_everywhere))


def _report(group_by: GroupBy, *, is_everywhere: bool) -> Any:
    """As of when the figures hold, and of each group its key, name and figures; no row: too old."""
    key = sa.func.left(_SPAN, MONTH) if group_by is GroupBy.MONTH else _KEY
    numbers = [sa.func.sum(getattr(ClosureFigures, column_of(name))) for name in FIGURES]
    told = (
        sa.select(key.label("key"), array(numbers).label("numbers"))
        .where(sa.any_(_unseen("spans", ARRAY(sa.Text))) == _SPAN)
        .where(ClosureFigures.scope == _unseen("scope", sa.Text))
        .where(ClosureFigures.grouping == _KEPT_BY[group_by])
        .group_by(key)
        .cte("told")
    )
    names, is_shown = _NAMES[group_by](told, is_everywhere)
    named = names.subquery("named")
    groups = (
        sa.select(sa.func.coalesce(named.c.key, told.c.key).label("key"))
        .add_columns(named.c.name, named.c.place, told.c.numbers)
        .select_from(sa.join(named, told, named.c.key == told.c.key, full=True))
        .where(is_shown(named))
        .subquery("groups")
    )
    return (
        sa.select(ClosureCount.told_at, groups.c.key, groups.c.name, groups.c.numbers)
        .select_from(sa.outerjoin(ClosureCount, groups, sa.true()))
        .where(*_IS_FRESH)
        .order_by(groups.c.place)
    )


def _areas(told: sa.CTE, is_everywhere: Any) -> Names:
    own = _unseen("own", sa.CHAR(CODE_LENGTH))
    is_below = Area.parent_code.is_(None) if is_everywhere else Area.parent_code == own
    code = sa.cast(Area.code, sa.Text)
    names = sa.select(code.label("key"), Area.name, Area.code.label("place")).where(is_below)
    names = names.add_columns(Area.ended_on)
    return names, lambda named: sa.or_(named.c.ended_on.is_(None), told.c.key.is_not(None))


def _categories(told: sa.CTE, _: Any) -> Names:
    names = sa.select(Category.code.label("key"), Category.name, Category.sort.label("place"))
    names = names.add_columns(Category.is_active)
    return names, lambda named: sa.or_(named.c.is_active, told.c.key.is_not(None))


def _organisations(told: sa.CTE, _: Any) -> Names:
    key = sa.cast(Organisation.id, sa.Text).label("key")
    names = sa.select(key, Organisation.name, Organisation.name.label("place"))
    return names, lambda _: told.c.key.is_not(None)


def _months(_told: sa.CTE, _: Any) -> Names:
    """They are named by the period that was asked for."""
    nothing = sa.cast(sa.null(), sa.Text)
    names = sa.select(nothing.label("key"), nothing.label("name"), nothing.label("place"))
    return names.where(sa.false()), lambda _: sa.true()


_NAMES: Mapping[GroupBy, Callable[[sa.CTE, Any], Names]] = {
    GroupBy.AREA: _areas,
    GroupBy.CATEGORY: _categories,
    GroupBy.ORGANISATION: _organisations,
    GroupBy.MONTH: _months,
}
"""Areas in force and categories in use are shown, others where they occur, units that occur."""
