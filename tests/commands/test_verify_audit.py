"""`flask verify-audit`: where the chain ends when all is well, the first broken entry if not."""

import pytest
import sqlalchemy as sa

from app.db import db
from app.models.audit_entry import AuditChain, AuditEntry
from services import audit
from services.audit_chain import seal_next
from tests.factories import MONDAY, make_account

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def verified(app):
    """The command as typed: its exit code and what it said."""

    def run() -> tuple[int, str]:
        db.session.flush()
        result = app.test_cli_runner().invoke(args=["verify-audit"])
        return result.exit_code, result.output

    return run


def add_sealed() -> int:
    """One sealed entry; answers its id."""
    audit.record(make_account("coordinator").actor, "log_in", "account:1")
    seal_next(at=MONDAY)
    return db.session.scalars(sa.select(AuditEntry.id)).one()


def test_a_chain_that_holds_tells_its_end(verified):
    add_sealed()
    end = db.session.scalars(sa.select(AuditChain.last_hash)).one()
    assert verified() == (0, f"审计链完好，至第 1 条，校验值 {end.hex()}。\n")


def test_the_entry_that_was_changed_is_named(verified):
    entry_id = add_sealed()
    db.session.execute(sa.text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    db.session.execute(sa.text("UPDATE audit_entries SET role = 'auditor'"))
    assert verified() == (1, f"审计链第 1 条（编号 {entry_id}）：内容与校验值不符\n")


def test_an_entry_that_is_missing_has_its_place_named(verified):
    add_sealed()
    db.session.execute(sa.text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    db.session.execute(sa.text("DELETE FROM audit_entries"))
    assert verified() == (1, "审计链第 1 条：记录缺失\n")
