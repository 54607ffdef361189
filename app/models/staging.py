"""Very many rows by COPY: into their table, or into one of the session where they may be known.

Arrays (`app.models.bulk`) are quicker for a few hundred rows; for thousands their text is what
takes the time, and COPY is made for that.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import IntegrityError

from app.db import Model

PREFIX = "staged_"
MADE = sql.SQL(
    "CREATE TEMPORARY TABLE IF NOT EXISTS {staged} AS SELECT {columns} FROM {table} WITH NO DATA"
)
EMPTIED = sql.SQL("TRUNCATE {staged}")
FILLED = sql.SQL("COPY {table} ({columns}) FROM STDIN")

_ESCAPED = str.maketrans({'"': '\\"', "\\": "\\\\"})


def copy_rows(
    connection: sa.Connection, model: type[Model], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Add `rows`, which all have the keys of the first, a column of `model` each.

    A row that is there already is an `IntegrityError`, as of any statement.
    """
    if not rows:
        return
    try:
        with _driver(connection).cursor() as cursor:
            _fill(cursor, str(model.__table__), rows)
    except psycopg.IntegrityError as error:
        raise IntegrityError(None, None, error) from error


def stage_rows(
    connection: sa.Connection, model: type[Model], rows: Sequence[Mapping[str, Any]]
) -> Insert:
    """An INSERT of such `rows`, for a clause that says what becomes of known ones.

    They are sent now, into a temporary table that the next call for the same model empties.
    """
    names = list(rows[0])
    table = model.__table__
    staged = sa.table(PREFIX + str(table), *(sa.column(name, table.c[name].type) for name in names))
    parts = {
        "staged": sql.Identifier(PREFIX + str(table)),
        "table": sql.Identifier(str(table)),
        "columns": _columns(names),
    }
    with _driver(connection).cursor() as cursor:
        for statement in (MADE, EMPTIED):
            cursor.execute(statement.format(**parts))
        _fill(cursor, PREFIX + str(table), rows)
    return insert(model).from_select(names, sa.select(*staged.c))


def _fill(cursor: psycopg.Cursor[Any], table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    names = list(rows[0])
    statement = FILLED.format(table=sql.Identifier(table), columns=_columns(names))
    lists = {name for name in names if isinstance(rows[0][name], list)}
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_literal(row[name]) if name in lists else row[name] for name in names])


def _literal(texts: Sequence[str]) -> str:
    """The texts as the database writes an array: quicker than the driver, which asks each one."""
    inside = '","'.join(texts)
    if "\\" in inside or inside.count('"') != 2 * len(texts) - 2:
        inside = '","'.join(text.translate(_ESCAPED) for text in texts)
    return f'{{"{inside}"}}' if texts else "{}"


def _columns(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _driver(connection: sa.Connection) -> Any:
    """The connection of psycopg: only that knows COPY."""
    return connection.connection.driver_connection
