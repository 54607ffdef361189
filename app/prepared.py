"""Statements of the busiest paths: written once, then sent to the driver with values.

SQLAlchemy writes the text, and its session still says in which transaction. Each execution skips
building, caching and the ORM, which cost several times what the question itself does. Constants of
the statement become literals, so that partial indexes apply to the plan that the server keeps.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import visitors

from app.db import connection, db, is_reading

_DIALECT: sa.Dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # untyped there
CURSOR = "guanjia.cursor"
CONNECTION = "guanjia.connection"

Rows: TypeAlias = list[Any]
"""Named tuples."""


class Prepared:
    """A statement whose only open values are its named parameters.

    Values are what the driver takes; no types of SQLAlchemy's translate them on the way in or out.
    """

    def __init__(self, statement: sa.Select[*tuple[Any, ...]] | sa.TextClause) -> None:
        fixed: Any = visitors.cloned_traverse(statement, {}, {"bindparam": _settle})
        compiled = fixed.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self._text = str(compiled)
        self._names: Sequence[str] = compiled.positiontup or ()
        self._row: Callable[[Sequence[Any]], Any] | None = None

    def execute(self, values: Mapping[str, Any]) -> Rows:
        """The rows of the statement with these values; more than it asks for do no harm.

        Raises the errors of SQLAlchemy.
        """
        present = _connection()
        cursor = present.info.get(CURSOR) or _open_cursor(present)
        try:
            _send(present.dialect, cursor, self._text, [values[name] for name in self._names])
            if self._row is None:
                self._row = _row_of(cursor)
            return list(map(self._row, cursor.fetchall()))
        except psycopg.Error as error:
            if is_lost := cursor.connection.closed:
                present.invalidate(error)
            raise sa.exc.DBAPIError.instance(
                self._text,
                None,
                error,
                psycopg.Error,
                hide_parameters=True,
                connection_invalidated=is_lost,
            ) from error


def _settle(parameter: sa.BindParameter[Any]) -> None:
    """A parameter without a value stays one (and is not missed); the others become literals."""
    parameter.literal_execute = not parameter.required
    parameter.required = False


def _connection() -> sa.Connection:
    """Of the session's present transaction, whose first statement looks it up for all.

    A savepoint is begun by the look for its connection, so it looks anew.
    """
    if is_reading():
        return connection()
    session = db.session()
    known: tuple[object, sa.Connection] | None = session.info.get(CONNECTION)
    if known is not None and known[0] is _innermost(session):
        return known[1]
    found = connection()
    session.info[CONNECTION] = (_innermost(session), found)
    return found


def _innermost(session: Any) -> object:
    return session.get_nested_transaction() or session.get_transaction()


def _open_cursor(present: sa.Connection) -> Any:
    """One for each connection of the pool, for as long as it lives."""
    cursor = psycopg.RawCursor(present.connection.driver_connection)  # type: ignore[arg-type]  # psycopg's own
    present.info[CURSOR] = cursor
    return cursor


def _send(dialect: sa.Dialect, cursor: Any, text: str, values: list[Any]) -> None:
    """Past whoever watches statements, as SQLAlchemy does it."""
    for watcher in dialect.dispatch.do_execute:
        if watcher(cursor, text, values, None):
            return
    cursor.execute(text, values, prepare=True)


def _row_of(cursor: Any) -> Callable[[Sequence[Any]], Any]:
    names = " ".join(column.name for column in cursor.description)
    row: Any = namedtuple("Row", names)  # type: ignore[misc]  # noqa: PYI024  # known when it runs
    make: Callable[[Sequence[Any]], Any] = row._make
    return make
