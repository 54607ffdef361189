"""登记冲突: reports of enterprises that another authority has reported, kept to be settled."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.db import db
from app.models.bulk import insert_rows
from app.models.register_conflict import RegisterConflict
from app.sealing import seal, unseal
from services.directory.enterprises import EnterpriseEntry
from services.directory.organisations import ensure_units
from services.imports.enterprises import EnterpriseRow

COLUMN = "register_conflicts.entry"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A line that reports an enterprise which another authority has reported already."""

    line: int
    row: EnterpriseRow
    enterprise_id: int


def list_conflicts(claimed: Sequence[Claimed], batch_id: int) -> None:
    """Put the reports on the list; a newer report of the same authority takes the older's place."""
    if not claimed:
        return
    units = ensure_units(dict.fromkeys(each.row.entry.reporting_organisation for each in claimed))
    rows = [
        {
            "batch_id": batch_id,
            "row": each.line,
            "enterprise_id": each.enterprise_id,
            "organisation_id": units[each.row.entry.reporting_organisation].id,
            "entry": sealed_entry(each.row),
        }
        for each in claimed
    ]
    statement = insert_rows(RegisterConflict, rows)
    given = statement.excluded
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=[RegisterConflict.enterprise_id, RegisterConflict.organisation_id],
            index_where=RegisterConflict.state == sa.literal_column("'open'"),
            set_={"batch_id": given.batch_id, "row": given.row, "entry": given.entry},
        )
    )


def sealed_entry(row: EnterpriseRow) -> bytes:
    """A report as it is kept."""
    return seal(json.dumps(asdict(row), ensure_ascii=False, default=str), COLUMN)


def open_entry(sealed: bytes) -> EnterpriseRow:
    """What `sealed_entry` made."""
    told = json.loads(unseal(sealed, COLUMN))
    said = told.pop("entry")
    amount = said["total_investment"]
    said["total_investment"] = None if amount is None else Decimal(amount)
    said["categories"] = tuple(said["categories"])
    return EnterpriseRow(EnterpriseEntry(**said), **told)
