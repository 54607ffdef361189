"""A register to import into: an importing unit, a roster, and a workbook worked to its end."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor, Role
from app.models.organisation import Organisation
from services.imports.batches import Upload, claim_this, queue_batch
from services.imports.results import BatchReport, get_report
from services.imports.working import work_batch
from tests.services.imports.workbooks import HOUSEKEEPER_HEADINGS, housekeeper, workbook

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(days=7)

FIRST, SECOND = "13900000001", "13900000002"


def importer(name: str = "鞍山市营商环境建设局", *, is_confirmed: bool = True) -> Actor:
    """A register officer of a unit that is made when it is not there."""
    unit = db.session.scalar(sa.select(Organisation).where(Organisation.name == name))
    if unit is None:
        unit = Organisation(name=name, is_confirmed=is_confirmed, area_code="210300000000")
        db.session.add(unit)
        db.session.flush()
    return Actor(Role.REGISTER_OFFICER, "报送员", organisation_id=unit.id, area_prefix="2103")


def imported(actor: Actor, kind: str, file: BytesIO, *, is_dry_run=False, at=AT) -> BatchReport:
    """The report on a workbook that was taken in and worked."""
    batch_id = queue_batch(actor, Upload(kind, f"{kind}.xlsx", file.getvalue(), is_dry_run))
    work_batch(claim_this(batch_id, at=at), at=at)
    return get_report(actor, batch_id)


def make_roster(actor: Actor, *phones: str) -> None:
    """Stored housekeepers with these numbers."""
    rows = [housekeeper(姓名=f"管家{phone[-1]}", 手机=phone) for phone in phones]
    imported(actor, "housekeepers", workbook(rows, HOUSEKEEPER_HEADINGS))
