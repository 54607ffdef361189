"""演示城市鞍山: units, the shipped register, who stands in for whom. Adds what is missing."""

import hashlib
import json
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.db import db
from app.domain.actor import Actor, Role
from app.models.enterprise import Enterprise
from app.models.import_batch import ImportBatch
from app.models.organisation import Organisation
from app.models.pairing import STANDING, Pairing
from services.directory.areas import AreaEntry, store_areas
from services.directory.housekeepers import load_roster
from services.imports.batches import Upload, claim_this, queue_batch
from services.imports.working import work_batch
from services.pairing.assign import Wish, assign_housekeepers

SHIPPED = files("app.seed")
CITY = "210300000000"
ZONE = AreaEntry("2103A0000000", "鞍山高新技术产业开发区", "county", CITY, is_local=True)
LEAD_PHONE, DEPUTY_PHONE = "13538411283", "18866619345"
"""In the shipped roster: whose enterprises have a deputy, and that deputy."""


def load() -> None:
    """Bring the demo city into the database. The register is imported once, as it was shipped."""
    store_areas([ZONE])
    _store_units(shipped("demo/organisations.json"))
    new = [_import(_workbook(kind)) for kind in ("housekeepers", "enterprises")]
    if any(new):
        _assign_deputy()


def shipped(name: str) -> list[dict[str, Any]]:
    """The rows of a shipped JSON file."""
    rows: list[dict[str, Any]] = json.loads(SHIPPED.joinpath(name).read_text("utf-8"))
    return rows


def _store_units(units: list[dict[str, Any]]) -> None:
    rows = [
        {
            "name": unit["name"],
            "kind": unit["kind"],
            "area_code": unit.get("area_code", CITY),
            "is_confirmed": True,
            "reports_categories": unit.get("reports_categories", []),
            "office_phone": unit["office_phone"],
        }
        for unit in units
    ]
    db.session.execute(insert(Organisation).on_conflict_do_nothing(), rows)
    for unit in units:
        if "parent" in unit:
            _place_under(unit["name"], unit["parent"])


def _place_under(name: str, parent: str) -> None:
    parent_id = sa.select(Organisation.id).where(Organisation.name == parent).scalar_subquery()
    unplaced = sa.and_(Organisation.name == name, Organisation.parent_id.is_(None))
    db.session.execute(sa.update(Organisation).where(unplaced).values(parent_id=parent_id))


def _workbook(kind: str) -> Upload:
    content = SHIPPED.joinpath(f"register/{kind}.xlsx").read_bytes()
    return Upload(kind, f"{kind}.xlsx", content, is_dry_run=False)


def _import(upload: Upload) -> bool:
    """The same import that people use; its units are confirmed, so that pairings are active.

    Answers whether there was anything to do.
    """
    if db.session.scalar(sa.select(_imported(upload))):
        return False
    importer = Actor(role=Role.REGISTER_OFFICER, name="演示数据", area_prefix="")
    batch_id = queue_batch(importer, upload)
    work_batch(claim_this(batch_id, at=clock.real()), at=clock.now())
    return True


def _imported(upload: Upload) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        ImportBatch.digest == hashlib.sha256(upload.content).hexdigest(),
        ImportBatch.state == "done",
        ImportBatch.is_dry_run.is_(False),
    )


def _assign_deputy() -> None:
    """The shipped sheet names no deputies; without one a whole role would have nothing to show."""
    roster = load_roster()
    enterprises = db.session.scalars(
        sa.select(Enterprise.id)
        .join(Pairing, Pairing.enterprise_id == Enterprise.id)
        .where(
            Pairing.housekeeper_id == roster[LEAD_PHONE],
            Pairing.role == "lead",
            Pairing.state.in_(STANDING),
        )
    ).all()
    deputy = roster[DEPUTY_PHONE]
    wishes = [Wish(enterprise, deputy, "deputy", is_active=True) for enterprise in enterprises]
    assign_housekeepers(wishes, at=clock.now())
