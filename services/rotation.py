"""换密钥: what is sealed with a former key, batch by batch, is sealed with the present one.

The values themselves say which key sealed them, so that no other record of the progress is needed:
whoever stops in the middle goes on where the values of the former key are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from app import sealing
from app.db import Model, db
from app.models.columns import SealedText
from app.sealing import Unsealable

BATCH = 500

Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table and its sealed columns."""

    table: sa.Table
    columns: tuple[sa.Column[bytes], ...]

    @property
    def key(self) -> tuple[sa.Column[Any], ...]:
        return tuple(self.table.primary_key)


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch did. `last` is the key of its last row; None: there was none left behind it."""

    last: Key | None
    rotated: int = 0
    unopenable: int = 0


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How many values of a column begin with `header`."""

    column: str
    header: bytes
    values: int


def sealed_tables() -> list[SealedTable]:
    """Every table with sealed columns, as the models have them."""
    found = []
    for table in Model.metadata.sorted_tables:
        columns = tuple(column for column in table.c if isinstance(column.type, SealedText))
        if columns:
            found.append(SealedTable(table, columns))
    return found


def rotate_batch(sealed: SealedTable, after: Key | None, *, size: int = BATCH) -> Batch:
    """Seal anew what another key sealed, of `size` rows at most behind the key `after`.

    The rows are locked before they are read, so that nothing written meanwhile is lost; those that
    somebody else works on are left for another pass. Values that no key opens stay as they are.
    """
    rows = db.session.execute(_waiting(sealed, after, size)).all()
    if not rows:
        return Batch(None)
    changes = [change for row in rows if (change := _resealed(sealed, row)) is not None]
    if changes:
        db.session.connection().execute(_update(sealed), changes)
    last = tuple(rows[-1][: len(sealed.key)])
    return Batch(last, len(changes), len(rows) - len(changes))


def count_keys(sealed: SealedTable) -> list[KeyUse]:
    """Which keys sealed the values of the table's columns; version 1 names none."""
    found = []
    for column in sealed.columns:
        version = sa.func.substring(column, 1, 1)
        without_id = bytes([sealing.WITHOUT_ID])
        header = sa.case((version == without_id, version), else_=_header(column))
        query = (
            sa.select(header, sa.func.count())
            .where(column.is_not(None))
            .group_by(sa.text("1"))
            .order_by(sa.text("1"))
        )
        name = _name(column)
        found += [KeyUse(name, bytes(key), count) for key, count in db.session.execute(query)]
    return found


def _waiting(sealed: SealedTable, after: Key | None, size: int) -> sa.Select[*tuple[Any, ...]]:
    writing = sealing.writing_header()
    others = sa.or_(*(_header(column) != writing for column in sealed.columns))
    query = sa.select(*sealed.key, *sealed.columns).where(others)
    if after is not None:
        query = query.where(sa.tuple_(*sealed.key) > after)
    return query.order_by(*sealed.key).limit(size).with_for_update(skip_locked=True, key_share=True)


def _resealed(sealed: SealedTable, row: Sequence[Any]) -> dict[str, Any] | None:
    """The parameters of the row's update; None where a value cannot be opened."""
    width = len(sealed.key)
    change = {f"key_{column.name}": value for column, value in zip(sealed.key, row, strict=False)}
    try:
        for column, value in zip(sealed.columns, row[width:], strict=True):
            change[f"new_{column.name}"] = _anew(column, value)
    except Unsealable:
        return None
    return change


def _anew(column: sa.Column[bytes], value: bytes | None) -> bytes | None:
    if value is None or value.startswith(sealing.writing_header()):
        return value
    return sealing.seal(sealing.unseal(value, _name(column)), _name(column))


def _update(sealed: SealedTable) -> sa.Update:
    keys = (column == sa.bindparam(f"key_{column.name}") for column in sealed.key)
    new: dict[str, Any] = {
        column.name: sa.bindparam(f"new_{column.name}") for column in sealed.columns
    }
    return sa.update(sealed.table).where(*keys).values(new)


def _header(column: sa.Column[bytes]) -> sa.ColumnElement[bytes]:
    return sa.func.substring(column, 1, sealing.HEADER_BYTES)


def _name(column: sa.Column[bytes]) -> str:
    return f"{column.table.name}.{column.name}"
