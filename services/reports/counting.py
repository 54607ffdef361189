"""办结数字的计算: figures of whole days, counted by the definitions of the report itself.

Every figure of a span is written as it is now found; rows that are right already are left alone,
so what a count has written is what had changed.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from app.db import db
from app.domain.areas import CODE_LENGTH, PREFIX_LENGTHS
from app.domain.periods import Period
from app.domain.spans import DAY, MONTH, TENS, days_from, finer, spans_of
from app.models.area import Area
from app.models.closure_figures import ClosureFigures
from app.models.ticket import Ticket
from services.reports.as_of import ALIVE, END, START
from services.reports.sources import FIGURES, SOURCES, Source, column_of

ZONE = "Asia/Shanghai"
SCOPES = (0, *(PREFIX_LENGTHS[level] for level in ("province", "city", "county")))
"""The lengths of the prefixes of the areas for which figures are kept."""

SPANS = sa.bindparam("spans", type_=ARRAY(sa.Text))
FINER = sa.bindparam("finer", type_=ARRAY(sa.Text))
WIDTH = sa.bindparam("width", type_=sa.Integer)

_TABLE = ClosureFigures.__table__
_KEY = ("span", "scope", "grouping", "key")
_FIRST_FOUR: tuple[Any, ...] = tuple(sa.literal_column(f"{number}") for number in range(1, 5))
_NUMBERS = tuple(column_of(name) for name in FIGURES)


def count_days(stretches: Sequence[tuple[date, date]], *, at: datetime) -> int:
    """Count the days of stretches [first, end) anew as of `at`. Returns how many rows changed."""
    changed, days = 0, [day for stretch in stretches for day in days_from(*stretch)]
    for first, end in stretches:
        period, spans = Period(first, end), spans_of(days_from(first, end), DAY)
        moments = {"start": period.starts_at, "end": period.ends_at, "as_of": at}
        changed += _write(_counted(), {"spans": spans, **moments})
    for width in (TENS, MONTH):
        spans = spans_of(days, width)
        changed += _write(_summed(), {"spans": spans, "finer": finer(spans, width), "width": width})
    return changed


def _write(statement: sa.Select[int], values: dict[str, Any]) -> int:
    return db.session.execute(statement, values).scalar_one()


@cache
def definitions() -> str:
    """What the figures are made by, in a few characters: it changes when a definition does."""
    compiled = _cells().compile(dialect=PGDialect_psycopg())  # type: ignore[no-untyped-call]
    values = {name: _in_order(value) for name, value in compiled.params.items()}
    return sha256(f"{compiled} {values}".encode()).hexdigest()[:32]


def _in_order(value: Any) -> Any:
    """Sets have no order, and lists made of them not twice the same."""
    return sorted(value) if isinstance(value, list | tuple | set | frozenset) else value


@cache
def _counted() -> sa.Select[int]:
    """Days from the rows themselves: for each scope, by each grouping."""
    cells = _cells().cte("cells")
    held = _held(cells).cte("held")
    places = _places(held).cte("places").prefix_with("MATERIALIZED")
    key = sa.case((held.c.grouping == "area", places.c.child), else_=held.c.key)
    keys = (
        sa.func.to_char(held.c.day, "YYYY-MM-DD").label("span"),
        places.c.scope,
        held.c.grouping,
        sa.func.coalesce(key, "").label("key"),
    )
    rows = held.join(places, places.c.area == held.c.area)
    return _stored(_sums(keys, held).select_from(rows).group_by(*_FIRST_FOUR))


def _held(cells: Any) -> sa.Select[Any]:
    """The cells summed for each area, in all and by each grouping: what scopes are made of."""
    by = [
        sa.tuple_(cells.c.day, cells.c.area, *more)
        for more in ((), (cells.c.category,), (cells.c.unit,))
    ]
    is_summed = sa.func.grouping(cells.c.category, cells.c.unit)
    names = sa.case((is_summed == 3, "area"), (is_summed == 1, "category"), else_="organisation")
    key = sa.case((is_summed == 1, cells.c.category), else_=cells.c.unit)
    keys = cells.c.day, cells.c.area, names.label("grouping"), key.label("key")
    return _sums(keys, cells).group_by(sa.func.grouping_sets(*by))


@cache
def _summed() -> sa.Select[int]:
    """Wider spans from finer ones."""
    keys = (
        sa.func.left(_TABLE.c.span, WIDTH).label("span"),
        *(_TABLE.c[name] for name in _KEY[1:]),
    )
    finer_rows = _sums(keys, _TABLE).where(_TABLE.c.span == sa.any_(FINER))
    return _stored(finer_rows.group_by(*_FIRST_FOUR))


def _sums(keys: Sequence[Any], rows: Any) -> sa.Select[Any]:
    # As integers again, because sums of sums would be sums of numerics, many times as slow.
    numbers = [sa.cast(sa.func.sum(rows.c[name]), sa.Integer).label(name) for name in _NUMBERS]
    return sa.select(*keys, *numbers)


def _cells() -> sa.CompoundSelect[Any]:
    """What is counted: its day, place, category and unit, and the figures that it adds to."""
    return sa.union_all(*(_cells_of(source) for source in SOURCES))


def _cells_of(source: Source) -> sa.Select[Any]:
    conditions = source.figures
    numbers = [
        sa.case((conditions[name], 1), else_=0) if name in conditions else sa.literal_column("0")
        for name in FIGURES
    ]
    return (
        sa.select(
            local_day(source.instant).label("day"),
            Ticket.area_code.label("area"),
            Ticket.category_code.label("category"),
            sa.cast(source.unit, sa.Text).label("unit"),
            *(number.label(name) for number, name in zip(numbers, _NUMBERS, strict=True)),
        )
        .select_from(source.rows)
        .where(*source.where, ALIVE, source.instant >= START, source.instant < END)
    )


def local_day(instant: Any) -> Any:
    """The local day of an instant."""
    return sa.cast(sa.func.timezone(ZONE, instant), sa.Date)


def _places(rows: Any) -> sa.Select[Any]:
    """The scopes that each area lies in, and the group of the scope that holds it, if one does."""
    areas = sa.select(rows.c.area).distinct().subquery("held_areas")
    lengths = sa.values(sa.column("length", sa.Integer), name="lengths").data(
        [(n,) for n in SCOPES]
    )
    scope = sa.func.left(areas.c.area, lengths.c.length)
    own = sa.func.rpad(scope, CODE_LENGTH, "0")
    child = (
        sa.select(sa.func.min(sa.cast(Area.code, sa.Text)))
        .where(
            Area.prefix.in_([sa.func.left(areas.c.area, n) for n in PREFIX_LENGTHS.values()]),
            sa.or_(Area.parent_code == own, sa.and_(scope == "", Area.parent_code.is_(None))),
        )
        .scalar_subquery()
    )
    every = sa.join(areas, lengths, sa.true())
    return sa.select(areas.c.area, scope.label("scope"), child.label("child")).select_from(every)


def _stored(counted: sa.Select[Any]) -> sa.Select[int]:
    """The statement that makes the rows of SPANS those that are `counted`."""
    found = counted.cte("found")
    same = sa.and_(*(found.c[name] == _TABLE.c[name] for name in _KEY))
    gone = (
        sa.delete(ClosureFigures)
        .where(_TABLE.c.span == sa.any_(SPANS), ~sa.exists().where(same))
        .returning(sa.literal_column("1").label("one"))
        .cte("gone")
    )
    putting = insert(ClosureFigures).from_select(
        [*_KEY, *_NUMBERS], found.select().order_by(*(found.c[name] for name in _KEY))
    )
    old = sa.tuple_(*(_TABLE.c[name] for name in _NUMBERS))
    new = sa.tuple_(*(putting.excluded[name] for name in _NUMBERS))
    put = (
        putting.on_conflict_do_update(
            index_elements=list(_KEY),
            set_={name: putting.excluded[name] for name in _NUMBERS},
            where=old.is_distinct_from(new),
        )
        .returning(sa.literal_column("1").label("one"))
        .cte("put")
    )
    both = [sa.select(sa.func.count()).select_from(part).scalar_subquery() for part in (gone, put)]
    return sa.select(both[0] + both[1])
