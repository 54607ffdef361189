"""Very many rows in one statement: copied into a table of the session first, then inserted.

Arrays (`app.models.bulk`) are quicker for a few hundred rows; for thousands their text is what
takes the time, and COPY is made for that.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects.postgresql import Insert, insert

from app.db import Model

PREFIX = "staged_"
MADE = sql.SQL(
    "CREATE TEMPORARY TABLE IF NOT EXISTS {staged} AS SELECT {columns} FROM {table} WITH NO DATA"
)
EMPTIED = sql.SQL("TRUNCATE {staged}")
FILLED = sql.SQL("COPY {staged} ({columns}) FROM STDIN")


def stage_rows(
    connection: sa.Connection, model: type[Model], rows: Sequence[Mapping[str, Any]]
) -> Insert:
    """An INSERT of `rows`, which all have the keys of the first, a column of `model` each.

    They are sent now, into a temporary table that the next call for the same model empties.
    """
    names = list(rows[0])
    table = model.__table__
    staged = sa.table(PREFIX + str(table), *(sa.column(name, table.c[name].type) for name in names))
    _send(connection, str(table), names, rows)
    return insert(model).from_select(names, sa.select(*staged.c))


def _send(
    connection: sa.Connection, table: str, names: list[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    parts = {
        "staged": sql.Identifier(PREFIX + table),
        "table": sql.Identifier(table),
        "columns": sql.SQL(", ").join(map(sql.Identifier, names)),
    }
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        for statement in (MADE, EMPTIED):
            cursor.execute(statement.format(**parts))
        with cursor.copy(FILLED.format(**parts)) as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])
