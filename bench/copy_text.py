"""Rows as the lines of PostgreSQL's COPY in its text format, by the types of the columns."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def lines(table: Any, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """`rows` of `table`, a line each; what a row does not name is as the table says, or NULL."""
    columns = [table.columns[name] for name in names]
    return "".join("\t".join(_field(column, row) for column in columns) + "\n" for row in rows)


def _field(column: sa.Column[Any], row: Mapping[str, Any]) -> str:
    if column.name not in row:
        return _usual(column)
    value = row[column.name]
    if value is None:
        return NULL
    return _text(column.type, value).translate(_ESCAPES)


def _usual(column: sa.Column[Any]) -> str:
    """The column's own constant, where it has one."""
    default = getattr(column.server_default, "arg", None)
    if isinstance(default, str):
        return default
    return "f" if isinstance(default, sa.False_) else NULL


def _text(kind: Any, value: Any) -> str:
    if isinstance(kind, JSONB | sa.JSON):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    if isinstance(kind, ARRAY):
        return "{" + ",".join(json.dumps(each, ensure_ascii=False) for each in value) + "}"
    if isinstance(kind, sa.LargeBinary) and not isinstance(value, str):
        return rf"\x{value.hex() if isinstance(value, bytes) else value}"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    return str(value)
