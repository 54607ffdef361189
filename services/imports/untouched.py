"""What of a batch nobody has built upon since: pairings as it left them, rows nothing refers to."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import Model, db
from app.models.import_batch import ImportBatch, ImportChange
from app.models.pairing import Pairing
from services.imports.images import MODELS, PAIRINGS, among, restore

ENDED = "ended"


def in_use(kind: str, ids: set[int], *, besides: str = "") -> set[int]:
    """Those of the ids that any row of any table, `besides` one, refers to."""
    table: sa.Table = MODELS[kind].__table__
    return {
        found
        for column in _references(table)
        if column.table.name != besides
        for found in db.session.scalars(sa.select(column).where(among(column, ids)).distinct())
    }


def without_pairings(batch: ImportBatch, ids: set[int]) -> set[int]:
    """Those enterprises whose pairings, all of the batch and as it left them, could be deleted."""
    pairings = {
        row.id: row
        for row in db.session.execute(
            sa.select(Pairing.id, Pairing.enterprise_id, _is_as_left(batch).label("is_own"))
            .where(among(Pairing.enterprise_id, ids))
            .with_for_update()
        )
    }
    used = in_use(PAIRINGS, set(pairings))
    built_upon = {
        row.enterprise_id for row in pairings.values() if not row.is_own or row.id in used
    }
    free = ids - built_upon
    own = [each for each, row in pairings.items() if row.enterprise_id in free]
    if own:
        db.session.execute(sa.delete(Pairing).where(among(Pairing.id, own)))
    return free


def take_pairings_back(batch: ImportBatch, rows: Sequence[int], *, at: datetime) -> set[int]:
    """End the pairings that these lines opened, reopen those they ended.

    Answers the lines of whose pairings any has been changed since; none of theirs is touched.
    """
    if not rows or batch.kind != "enterprises":
        return set()
    changes = _changes(batch, rows)
    stuck = {change.row for change in changes if not change.is_as_left}
    for change in changes:
        if change.row not in stuck and change.before is None:
            _end(change.subject_id, at)
    for change in changes:
        if change.row not in stuck and change.before is not None:
            restore(PAIRINGS, change.subject_id, change.before)
    return stuck


def _changes(batch: ImportBatch, rows: Sequence[int]) -> Sequence[Any]:
    query = (
        sa.select(
            ImportChange.row,
            ImportChange.subject_id,
            ImportChange.before,
            sa.or_(
                sa.and_(ImportChange.before.is_(None), _is_as_left(batch)),
                sa.and_(ImportChange.before.is_not(None), _is_as_moved(batch)),
            ).label("is_as_left"),
        )
        .join(Pairing, Pairing.id == ImportChange.subject_id)
        .where(
            ImportChange.batch_id == batch.id,
            ImportChange.kind == PAIRINGS,
            ImportChange.row.in_(rows),
        )
        .with_for_update(of=Pairing)
    )
    return db.session.execute(query).all()


def _is_as_left(batch: ImportBatch) -> sa.ColumnElement[bool]:
    """A pairing that the batch opened, and nobody has moved since."""
    return sa.and_(
        Pairing.proposed_at == batch.worked_at,
        Pairing.ended_at.is_(None),
        sa.or_(Pairing.started_at.is_(None), Pairing.started_at == batch.worked_at),
    )


def _is_as_moved(batch: ImportBatch) -> sa.ColumnElement[bool]:
    """A pairing that the batch ended or started."""
    return sa.or_(
        Pairing.ended_at == batch.worked_at,
        sa.and_(Pairing.ended_at.is_(None), Pairing.started_at == batch.worked_at),
    )


def _end(pairing_id: int, at: datetime) -> None:
    ended = {"state": ENDED, "ended_at": at}
    db.session.execute(sa.update(Pairing).where(Pairing.id == pairing_id).values(ended))


def _references(table: sa.Table) -> Iterator[sa.Column[Any]]:
    """Columns with a foreign key to the identity of `table`; conflicts go with their enterprise."""
    for other in Model.metadata.tables.values():
        for key in other.foreign_keys:
            if key.column is table.c.id and key.ondelete != "CASCADE":
                yield key.parent
