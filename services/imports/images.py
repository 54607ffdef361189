"""变更前的样子: rows of the register as they stood before a batch changed them, and back again.

An image is JSON of all columns, with the personal ones opened, and sealed as a whole: so keys may
change while it is kept.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.db import Model, db
from app.models.bulk import insert_rows
from app.models.columns import SealedText
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.import_batch import ImportChange
from app.models.pairing import Pairing
from app.sealing import seal, unseal

COLUMN = "import_changes.before"
PAIRINGS = "pairings"
MODELS: Mapping[str, Any] = {
    "enterprises": Enterprise,
    "housekeepers": Housekeeper,
    PAIRINGS: Pairing,
}

Image: TypeAlias = sa.RowMapping


@dataclass(frozen=True, slots=True)
class Change:
    """What line `row` of a sheet changed: a row of the register, and its image before, if any."""

    kind: str
    subject_id: int
    row: int
    before: Image | None


def look_at(kind: str, condition: sa.ColumnElement[bool]) -> dict[int, Image]:
    """The rows as they stand, by identity."""
    table = MODELS[kind].__table__
    found = db.session.execute(sa.select(table).where(condition)).mappings()
    return {row["id"]: row for row in found}


def among(column: Any, ids: Collection[int]) -> sa.ColumnElement[bool]:
    """The condition that the column holds one of the ids, sent as one array."""
    wanted: sa.ColumnElement[bool] = column == sa.any_(sa.cast(list(ids), sa.ARRAY(sa.BigInteger)))
    return wanted


def among_hashes(column: Any, hashes: Collection[bytes]) -> sa.ColumnElement[bool]:
    """The same for fingerprints."""
    wanted: sa.ColumnElement[bool] = column == sa.any_(
        sa.cast(list(hashes), sa.ARRAY(sa.LargeBinary))
    )
    return wanted


def keep_changes(batch_id: int, changes: Iterable[Change]) -> None:
    """Keep the images, so that the batch can be rolled back."""
    rows = [
        {
            "batch_id": batch_id,
            "kind": change.kind,
            "subject_id": change.subject_id,
            "row": change.row,
            "before": _sealed(change),
        }
        for change in changes
    ]
    if rows:
        db.session.execute(insert_rows(ImportChange, rows).on_conflict_do_nothing())


def restore(kind: str, subject_id: int, before: bytes) -> None:
    """Give the row the columns of its image again; `updated_at` tells that this is a change."""
    table: sa.Table = MODELS[kind].__table__
    told = json.loads(unseal(before, COLUMN))
    values = {name: _value(table.c[name], told[name]) for name in told if name in table.c}
    if "updated_at" in table.c:
        values["updated_at"] = sa.func.now()
    model: type[Model] = MODELS[kind]
    db.session.execute(sa.update(model).where(table.c.id == subject_id).values(values))


def _sealed(change: Change) -> bytes | None:
    if change.before is None:
        return None
    table: sa.Table = MODELS[change.kind].__table__
    told = {
        column.name: _told(column, change.before[column.name])
        for column in table.c
        if column.name != "id" and column.computed is None
    }
    return seal(json.dumps(told, ensure_ascii=False), COLUMN)


def _told(column: sa.Column[Any], value: Any) -> Any:
    if isinstance(value, bytes) and isinstance(column.type, SealedText):
        return unseal(value, str(column))
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _value(column: sa.Column[Any], told: Any) -> Any:
    if told is None:
        return None
    if isinstance(column.type, SealedText):
        return seal(told, str(column))
    if isinstance(column.type, sa.LargeBinary):
        return bytes.fromhex(told)
    if isinstance(column.type, sa.DateTime):
        return datetime.fromisoformat(told)
    return Decimal(told) if isinstance(column.type, sa.Numeric) else told
