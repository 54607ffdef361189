"""Keyset pages of any select: where the last page ended decides where the next begins.

Entries that come or go meanwhile shift nothing, and page 1,000 costs as much as page 1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.keyset import Page, SortValue, decode_cursor, encode_cursor, refuse_cursor

PLACE = "keyset_"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column to sort by. NULL stands last, ascending and descending."""

    column: Any
    is_descending: bool = False
    is_nullable: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A named order of entries. The last key must be unique, so that no two entries tie."""

    name: str
    keys: tuple[SortKey, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one page, in order, and the cursor of the next one (None: that was the last)."""

    rows: Sequence[sa.Row[*tuple[Any, ...]]]
    next_cursor: str | None


def ascending(name: str, *columns: Any) -> Order:
    """An order by columns that are never NULL, the last of them unique."""
    return Order(name, tuple(SortKey(column) for column in columns))


def descending(name: str, *columns: Any) -> Order:
    """The reverse of `ascending`."""
    return Order(name, tuple(SortKey(column, is_descending=True) for column in columns))


def fetch_page(query: sa.Select[*tuple[Any, ...]], order: Order, page: Page) -> Slice:
    """The page of `query` (without ORDER BY and LIMIT of its own). Raises `InvalidInput`."""
    return slice_of(db.session.execute(keyset(query, order, page)).all(), order, page)


def slice_of(rows: Sequence[sa.Row[*tuple[Any, ...]]], order: Order, page: Page) -> Slice:
    """The page that `rows` of a `keyset` are, and where the next one begins."""
    if len(rows) <= page.limit:
        return Slice(rows, None)
    kept = rows[: page.limit]
    values = kept[-1][-len(order.keys) :]
    return Slice(kept, encode_cursor(order.name, values))


def keyset(
    query: sa.Select[*tuple[Any, ...]], order: Order, page: Page
) -> sa.Select[*tuple[Any, ...]]:
    """`query` cut to one page and one entry more, which tells whether there is a next page.

    The sort values stand behind the columns of `query`. Raises `InvalidInput` for a foreign cursor.
    """
    return cut(query, order, page.limit, position(order, page))


def cut(
    query: sa.Select[*tuple[Any, ...]], order: Order, limit: int, after: Sequence[Any] | None
) -> sa.Select[*tuple[Any, ...]]:
    """`keyset` behind sort values that are known, or parameters; None: from the beginning."""
    if after is not None:
        query = query.where(_after(order.keys, after))
    columns = [key.column for key in order.keys]
    places = (key.label(name) for key, name in zip(columns, places_of(order), strict=True))
    return sorted_by(order, query.add_columns(*places), columns).limit(limit + 1)


def places_of(order: Order) -> list[str]:
    """What the sort values are called that stand behind the columns of a `keyset`."""
    return [f"{PLACE}{place}" for place in range(len(order.keys))]


def sorted_by(
    order: Order, query: sa.Select[*tuple[Any, ...]], columns: Sequence[Any]
) -> sa.Select[*tuple[Any, ...]]:
    """`query` in the order of its `columns`, which hold the sort values."""
    return query.order_by(*map(_sorted, order.keys, columns))


def position(order: Order, page: Page) -> list[SortValue] | None:
    """The sort values behind which the page begins. Raises `InvalidInput` for a foreign cursor."""
    if page.cursor is None:
        return None
    values = decode_cursor(page.cursor, order.name)
    _check(order, values)
    return values


def _sorted(key: SortKey, values: Any) -> sa.ColumnElement[Any]:
    column = values.desc() if key.is_descending else values.asc()
    # Said only where it matters: NULLS LAST on a descending key matches no plain index.
    sorted_column: sa.ColumnElement[Any] = (
        column.nulls_last() if key.is_nullable and key.is_descending else column
    )
    return sorted_column


def _after(keys: Sequence[SortKey], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Entries behind the one with `values`: as a comparison of rows where an index can serve it."""
    if _is_plain(keys):
        mine = sa.tuple_(*(key.column for key in keys))
        theirs = sa.tuple_(*values, types=[key.column.type for key in keys])
        return mine < theirs if keys[0].is_descending else mine > theirs
    key, value = keys[0], values[0]
    if len(keys) == 1:
        return _beyond(key, value)
    tied = key.column.is_(None) if value is None else key.column == value
    return sa.or_(_beyond(key, value), sa.and_(tied, _after(keys[1:], values[1:])))


def _is_plain(keys: Sequence[SortKey]) -> bool:
    directions = {key.is_descending for key in keys}
    return len(directions) == 1 and not any(key.is_nullable for key in keys)


def _beyond(key: SortKey, value: Any) -> sa.ColumnElement[bool]:
    if value is None:
        return sa.false()
    beyond: sa.ColumnElement[bool] = key.column < value if key.is_descending else key.column > value
    return sa.or_(beyond, key.column.is_(None)) if key.is_nullable else beyond


def _check(order: Order, values: Sequence[SortValue]) -> None:
    """A cursor made by somebody else may hold anything: never let the database stumble over it."""
    if len(values) != len(order.keys):
        refuse_cursor()
    for key, value in zip(order.keys, values, strict=True):
        if not (key.is_nullable if value is None else _fits(key.column.type, value)):
            refuse_cursor()


def _fits(kind: Any, value: SortValue) -> bool:
    if isinstance(value, datetime):
        return kind.python_type is datetime and value.tzinfo is not None
    if isinstance(value, date):
        return kind.python_type is date
    if isinstance(value, str):
        return kind.python_type is str and not _UNSTORABLE.search(value)
    limit = 2**63 if isinstance(kind, sa.BigInteger) else 2**31
    return kind.python_type is int and value is not None and -limit <= value < limit
