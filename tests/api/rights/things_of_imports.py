"""What addresses of register conflicts are filled with."""

from typing import Any

from app.db import db
from app.models.enterprise import Enterprise
from app.models.import_batch import ImportBatch
from app.models.organisation import Organisation
from app.models.register_conflict import RegisterConflict
from services.directory.enterprises import EnterpriseEntry
from services.imports.conflicts import sealed_entry
from services.imports.enterprises import EnterpriseRow
from tests.factories import Person, make_organisation


def things_of_imports(cast: Any, owner: Person) -> dict[str, int]:
    """An open conflict about the cast's enterprise, claimed by the unit of `owner` if there is."""
    claimant = owner.membership.organisation_id or cast.lead_unit.id
    return {"conflict_id": make_conflict(cast.enterprise, claimant).id}


def make_conflict(enterprise: Enterprise, claimant: int) -> RegisterConflict:
    """An open conflict, of a batch that another unit brought; there is one of a pair at a time."""
    wanted = {"enterprise_id": enterprise.id, "organisation_id": claimant, "state": "open"}
    known = db.session.query(RegisterConflict).filter_by(**wanted).one_or_none()
    if known is not None:
        return known
    batch = ImportBatch(
        kind="enterprises",
        filename="登记.xlsx",
        digest="0" * 64,
        is_dry_run=False,
        organisation_id=make_organisation().id,
    )
    db.session.add(batch)
    db.session.flush()
    conflict = RegisterConflict(
        batch_id=batch.id, row=3, entry=sealed_entry(_report(enterprise, claimant)), **wanted
    )
    db.session.add(conflict)
    db.session.flush()
    return conflict


def _report(enterprise: Enterprise, claimant: int) -> EnterpriseRow:
    entry = EnterpriseEntry(
        name=enterprise.name,
        uscc=enterprise.uscc,
        categories=("其他",),
        area_code=enterprise.area_code,
        contact_name="另一位联系人",
        contact_phone="13900000001",
        reporting_organisation=db.session.get_one(Organisation, claimant).name,
    )
    return EnterpriseRow(entry, housekeeper="13800000001", deputy=None)
