"""Sealing catches up with whatever waits; a broken chain is a failure that somebody is told of."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.models.audit_entry import AuditChain, AuditEntry
from jobs import runner
from jobs import seal_audit as job
from jobs.schedule import SCHEDULE
from jobs.seal_audit import seal_audit, verify_audit
from services import audit, audit_chain
from tests.factories import MONDAY, make_account

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """Two entries make a batch."""
    for module in (job, audit_chain):
        monkeypatch.setattr(module, "BATCH", 2)


def add(count: int) -> None:
    actor = make_account("coordinator").actor
    for place in range(count):
        audit.record(actor, "log_in", f"account:{place}")


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_all_that_waits_is_sealed(count):
    add(count)
    with clock.frozen(MONDAY):
        assert seal_audit().items == count
    waiting = sa.select(sa.func.count()).where(AuditEntry.seal_seq.is_(None))
    assert db.session.scalar(waiting) == 0
    chain = db.session.scalars(sa.select(AuditChain)).one()
    assert (chain.last_seq, chain.sealed_at) == (count, MONDAY if count else None)


@pytest.fixture
def told_to_stop():
    runner.stopping.set()
    yield
    runner.stopping.clear()


def test_a_stop_is_heard_between_batches(told_to_stop):
    add(3)
    outcome = seal_audit()
    assert (outcome.items, outcome.is_cut_short) == (0, True)


def test_a_chain_that_holds_is_well():
    add(3)
    seal_audit()
    outcome = verify_audit()
    assert (outcome.items, outcome.failures) == (1, 0)


def test_a_chain_that_breaks_is_a_failure():
    add(1)
    seal_audit()
    db.session.execute(sa.update(AuditChain).values(last_hash=b"x"))
    outcome = verify_audit()
    assert (outcome.failures, outcome.notes) == (1, ["1: 链的末尾与登记不符"])


def test_it_happens_every_minute():
    [sealing] = [each for each in SCHEDULE if each.function is seal_audit]
    assert (sealing.plan.every, sealing.plan.daily_at) == (timedelta(minutes=1), None)
    assert verify_audit in [each.function for each in SCHEDULE]
