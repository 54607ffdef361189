"""Many rows in one statement: a column is sent as one array, so the SQL stays short and prepared.

A statement with a VALUES list of 500 rows spends most of its time on its own text.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert

from app.db import Model

SEPARATOR = "\x1f"


def insert_rows(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> Insert:
    """An INSERT of `rows`, which all have the keys of the first, a column of `model` each."""
    columns = [model.__table__.c[name] for name in rows[0]]
    arrays = [_array(column, [row[column.name] for row in rows]) for column in columns]
    sent = sa.func.unnest(*arrays).table_valued(*rows[0]).render_derived()
    values = [_value(column, sent.c[column.name]) for column in columns]
    return insert(model).from_select(list(rows[0]), sa.select(*values))


def _array(column: sa.ColumnElement[Any], values: list[Any]) -> sa.ColumnElement[Any]:
    # unnest would flatten an array of arrays, so lists of texts travel as one text each.
    if isinstance(column.type, ARRAY):
        return sa.cast([SEPARATOR.join(value) for value in values], ARRAY(sa.Text))
    return sa.cast(values, ARRAY(column.type))


def _value(column: sa.ColumnElement[Any], sent: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    if isinstance(column.type, ARRAY):
        return sa.func.string_to_array(sent, SEPARATOR)
    return sent
