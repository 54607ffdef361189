"""管家名册: storing it in bulk, and finding housekeepers by their mobile number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.bigrams import name_words
from app.domain.register import DUTY_STATES
from app.models.bulk import insert_rows
from app.models.housekeeper import Housekeeper
from app.sealing import fingerprint, seal

SETTLED_BY_ROW = ("name", "organisation_id", "area_code")
KEPT_WHEN_SILENT = (
    "department",
    "job_title",
    "grade",
    "office_phone",
    "deputy_phone_hash",
)


@dataclass(frozen=True, slots=True)
class HousekeeperEntry:
    """What a register row says of a housekeeper, read and checked. None = the row is silent."""

    name: str
    phone: str
    organisation: str
    area_code: str
    department: str | None = None
    job_title: str | None = None
    grade: str | None = None
    deputy_phone: str | None = None
    office_phone: str | None = None
    duty_state: str | None = None


class Roster:
    """The stored housekeepers, found by mobile number, which the database holds only hashed."""

    def __init__(self, ids_by_hash: Mapping[bytes, int]) -> None:
        self._ids_by_hash = ids_by_hash
        # A register names each of them many times, and a hash takes its time.
        self._ids_by_phone: dict[str, int] = {}

    def __contains__(self, phone: object) -> bool:
        return isinstance(phone, str) and self._find(phone) is not None

    def __getitem__(self, phone: str) -> int:
        found = self._find(phone)
        if found is None:
            raise KeyError
        return found

    def _find(self, phone: str) -> int | None:
        found = self._ids_by_phone.get(phone)
        if found is None:
            found = self._ids_by_hash.get(fingerprint(phone))
            if found is not None:
                self._ids_by_phone[phone] = found
        return found


def load_roster() -> Roster:
    """Every housekeeper there is: some ten thousand in a large city."""
    query = sa.select(Housekeeper.phone_hash, Housekeeper.id)
    return Roster({row.phone_hash: row.id for row in db.session.execute(query)})


def store_housekeepers(
    entries: Sequence[HousekeeperEntry], unit_ids: Mapping[str, int], batch_id: int | None
) -> dict[int, bytes]:
    """Insert or update by mobile number; answers the rows added or changed, with their hashes.

    `unit_ids` gives the organisation of every name. What a row is silent about stays as it was;
    entries that say nothing new change nothing.
    """
    rows = [_row(entry, unit_ids[entry.organisation], batch_id) for entry in entries]
    speaking = [row for row in rows if row["duty_state"]]
    silent = [{**row, "duty_state": DUTY_STATES[0]} for row in rows if not row["duty_state"]]
    return _upsert(speaking, (*SETTLED_BY_ROW, "duty_state")) | _upsert(silent, SETTLED_BY_ROW)


def _upsert(rows: list[dict[str, Any]], settled: Sequence[str]) -> dict[int, bytes]:
    if not rows:
        return {}
    statement = insert_rows(Housekeeper, rows)
    stored, given = Housekeeper.__table__.c, statement.excluded
    values = {name: given[name] for name in settled} | {
        name: sa.func.coalesce(given[name], stored[name]) for name in KEPT_WHEN_SILENT
    }
    present = sa.tuple_(*(stored[name] for name in values))
    besides = {
        "name_words": given.name_words,
        "import_batch_id": given.import_batch_id,
        "updated_at": sa.func.now(),
    }
    statement = statement.on_conflict_do_update(
        index_elements=[Housekeeper.phone_hash],
        set_=values | besides,
        where=present.is_distinct_from(sa.tuple_(*values.values())),
    )
    stored_rows = statement.returning(Housekeeper.id, Housekeeper.phone_hash)
    return dict(db.session.execute(stored_rows).all())


def _row(entry: HousekeeperEntry, unit_id: int, batch_id: int | None) -> dict[str, Any]:
    deputy = entry.deputy_phone
    return {
        "name": entry.name,
        "name_words": name_words(entry.name),
        "phone": seal(entry.phone, "housekeepers.phone"),
        "phone_hash": fingerprint(entry.phone),
        "phone_tail_hash": fingerprint(entry.phone[-4:]),
        "organisation_id": unit_id,
        "department": entry.department,
        "job_title": entry.job_title,
        "area_code": entry.area_code,
        "grade": entry.grade,
        "office_phone": entry.office_phone,
        "duty_state": entry.duty_state,
        "deputy_phone_hash": fingerprint(deputy) if deputy else None,
        "import_batch_id": batch_id,
    }
