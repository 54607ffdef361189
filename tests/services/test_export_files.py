"""Files of exports: sealed where they lie, and taken away when their days are over."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.audit_entry import AuditEntry
from app.models.legal_hold import LegalHold
from jobs.make_exports import expire_exports, make_exports
from services.exports import files
from services.exports.files import NoFile, discard_file
from tests.factories import Person, make_account, make_organisation
from tests.factories.exports import ask, store

KEY = b"k" * 32
AT = clock.real()


@pytest.fixture
def county(database) -> Person:
    """A coordinator of one county."""
    unit = make_organisation().id
    return make_account(Role.COORDINATOR, area_prefix="210302", organisation_id=unit)


def test_the_file_is_sealed_where_it_lies(county):
    export = ask(county)
    make_exports()
    with store().open(export.storage_key or "") as file:
        assert not file.read(4).startswith(b"PK")


def test_the_file_goes_after_its_days(county):
    export = ask(county)
    make_exports()
    key = export.storage_key or ""
    days = current_app.config["SETTINGS"].export_days
    with clock.frozen(clock.real() + timedelta(days=days) - timedelta(minutes=1)):
        assert expire_exports().items == 0
    with clock.frozen(clock.real() + timedelta(days=days, minutes=1)):
        assert expire_exports().items == 1
    assert (export.state, export.storage_key) == ("expired", None)
    with pytest.raises(OSError, match=key[2:]):
        (store().root / key[:2] / key[2:]).stat()
    with pytest.raises(NoFile):
        files.sign_file(county.actor, export.id, KEY, at=AT)


@pytest.mark.parametrize("kind", ["account", "everything"])
def test_a_held_file_stays_until_lifted_and_its_end_is_on_record(county, kind):
    export = ask(county)
    make_exports()
    subject = export.account_id if kind == "account" else None
    placed = {"reason": "取证", "placed_by": export.account_id, "placed_at": AT}
    hold = LegalHold(subject_kind=kind, subject_id=subject, subject="", **placed)
    db.session.add(hold)
    db.session.flush()
    late = clock.real() + timedelta(days=30)
    with clock.frozen(late):
        assert expire_exports().items == 0
        assert not discard_file(export.id, store())
        hold.lifted_by, hold.lifted_at = export.account_id, late
        db.session.flush()
        assert expire_exports().items == 1
    entry = sa.select(AuditEntry.subject).where(AuditEntry.action == "delete_expired")
    assert db.session.scalars(entry).all() == [f"export:{export.id}"]
