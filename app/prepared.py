"""Statements of the busiest paths: compiled once, then sent as text with values.

SQLAlchemy writes the text; each execution skips building, caching and the ORM, which cost more than
the question itself. Constants of the statement become literals, so that partial indexes apply to
the plan that the server keeps.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import visitors

from app.db import db

_DIALECT: sa.Dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # untyped there

Rows = Sequence[sa.Row[*tuple[Any, ...]]]


class Prepared:
    """A statement whose only open values are its named parameters; rows come back as they are.

    Values must be what the driver takes: no types of SQLAlchemy's translate them.
    """

    def __init__(self, statement: sa.Select[*tuple[Any, ...]] | sa.TextClause) -> None:
        fixed: Any = visitors.cloned_traverse(statement, {}, {"bindparam": _settle})
        compiled = fixed.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self.text = str(compiled)

    def execute(self, values: Mapping[str, Any]) -> Rows:
        """The rows of the statement with these values, more than it asks for do no harm."""
        return db.session.connection().exec_driver_sql(self.text, dict(values)).all()


def _settle(parameter: sa.BindParameter[Any]) -> None:
    """A parameter without a value stays one (and is not missed); the others become literals."""
    parameter.literal_execute = not parameter.required
    parameter.required = False
