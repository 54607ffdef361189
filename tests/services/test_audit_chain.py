"""The audit only grows, and each entry is sealed once onto the one before it."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from app.db import db, transaction
from app.domain.audit_chain import GENESIS, Break, Link
from app.models.audit_entry import AuditChain, AuditEntry
from services import audit, audit_chain
from services.audit_chain import seal_next, verify
from tests.factories import MONDAY, make_account
from tests.threads import all_at_once

APPEND_ONLY = "append-only"
YEAR = timedelta(days=365)


def add(count: int = 1) -> None:
    """Entries of one and the same person."""
    actor = make_account("coordinator").actor
    for place in range(count):
        audit.record(actor, "log_in", f"account:{place}", {"place": place})


def chained() -> list[tuple[int | None, str]]:
    query = sa.select(AuditEntry.seal_seq, AuditEntry.subject).order_by(AuditEntry.seal_seq)
    return [(row.seal_seq, row.subject) for row in db.session.execute(query)]


def refused(statement: str, **values: Any) -> bool:
    """Whether the database says no, and for this reason."""
    with pytest.raises(ProgrammingError, match=APPEND_ONLY), db.session.begin_nested():
        db.session.execute(sa.text(statement), values)
    return True


@pytest.mark.usefixtures("database")
class TestTheDatabaseRefuses:
    @pytest.mark.parametrize("is_sealed", [True, False])
    def test_every_change(self, is_sealed):
        add()
        if is_sealed:
            seal_next(at=MONDAY)
        for change in ("action = 'x'", "at = at - interval '1 day'", "facts = '{}'", "ip = NULL"):
            assert refused(f"UPDATE audit_entries SET {change}, subject = 'other:1'")
        assert refused("DELETE FROM audit_entries")
        assert refused("TRUNCATE audit_entries")

    def test_a_seal_that_changes_more(self):
        add()
        seal = "seal_seq = 1, seal_hash = 'x'"
        assert refused(f"UPDATE audit_entries SET {seal}, action = 'log_out'")

    def test_a_second_seal(self):
        add()
        seal_next(at=MONDAY)
        assert refused("UPDATE audit_entries SET seal_hash = 'x'")
        assert refused("UPDATE audit_entries SET seal_seq = NULL, seal_hash = NULL")

    def test_deletion_of_what_is_young_even_by_who_retains(self):
        add()
        seal_next(at=MONDAY)
        db.session.execute(sa.text("SET LOCAL guanjia.retaining = 'audit'"))
        assert refused("DELETE FROM audit_entries")

    @pytest.mark.parametrize(("days", "goes"), [(183, False), (185, True)])
    def test_deletion_before_the_law_allows_it(self, days, goes):
        put_old(timedelta(days=days))
        seal_next(at=MONDAY)
        assert refused("DELETE FROM audit_entries")
        db.session.execute(sa.text("SET LOCAL guanjia.retaining = 'audit'"))
        if goes:
            db.session.execute(sa.text("DELETE FROM audit_entries"))
        assert goes or refused("DELETE FROM audit_entries")

    def test_deletion_of_what_is_not_sealed(self):
        put_old(YEAR)
        db.session.execute(sa.text("SET LOCAL guanjia.retaining = 'audit'"))
        assert refused("DELETE FROM audit_entries")


def put_old(age: timedelta) -> None:
    """An entry of so long ago."""
    values = {"role": "account", "action": "log_in", "subject": "account:1", "facts": {}}
    db.session.execute(sa.insert(AuditEntry).values(at=sa.func.now() - age, **values))


@pytest.mark.usefixtures("database")
def test_entries_are_sealed_in_order_batch_by_batch(monkeypatch):
    monkeypatch.setattr(audit_chain, "BATCH", 2)
    add(3)
    assert [seal_next(at=MONDAY), seal_next(at=MONDAY), seal_next(at=MONDAY)] == [2, 1, 0]
    assert chained() == [(1, "account:0"), (2, "account:1"), (3, "account:2")]
    assert verify(at=MONDAY).seq == 3


@pytest.mark.usefixtures("database")
def test_an_empty_chain_holds():
    assert seal_next(at=MONDAY) == 0
    assert verify(at=MONDAY) == Link(0, GENESIS)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("statement", "seq", "names_entry"),
    [
        ("UPDATE audit_entries SET facts = '{}' WHERE seal_seq = 2", 2, True),
        ("UPDATE audit_entries SET result = 'refused' WHERE seal_seq = 3", 3, True),
        ("UPDATE audit_entries SET at = at - interval '1 s' WHERE seal_seq = 1", 1, True),
        ("UPDATE audit_entries SET seal_hash = 'x' WHERE seal_seq = 1", 1, True),
        ("DELETE FROM audit_entries WHERE seal_seq = 2", 2, False),
        ("DELETE FROM audit_entries WHERE seal_seq = 1", 1, False),
        ("DELETE FROM audit_entries WHERE seal_seq = 3", 3, False),
        ("UPDATE audit_chain SET last_hash = 'x'", 3, False),
    ],
)
def test_the_first_entry_that_does_not_hold_is_named(statement, seq, names_entry):
    add(3)
    seal_next(at=MONDAY)
    for each in ("DISABLE TRIGGER USER", "ENABLE TRIGGER USER"):
        db.session.execute(sa.text(f"ALTER TABLE audit_entries {each}"))
        if each.startswith("DISABLE"):
            db.session.execute(sa.text(statement))
    found = verify(at=MONDAY)
    assert isinstance(found, Break)
    assert (found.seq, found.entry_id is not None) == (seq, names_entry)
    kept = db.session.scalars(sa.select(AuditChain)).one()
    assert (kept.verified_at, kept.verified_seq, kept.broken_seq) == (MONDAY, seq - 1, seq)


def test_an_entry_that_was_committed_late_finds_its_place(committed_app):
    """Its id is lower than that of one which is sealed already."""
    with committed_app.app_context(), transaction():
        add(1)
    engine = db_engine(committed_app)
    insert = sa.text(
        "INSERT INTO audit_entries (role, action, subject, facts)"
        " VALUES ('account', 'log_in', :subject, '{}')"
    )
    with engine.connect() as late, engine.connect() as quick:
        late.execute(insert, {"subject": "late:1"})
        quick.execute(insert, {"subject": "quick:1"})
        quick.commit()
        with committed_app.app_context(), transaction():
            assert seal_next(at=MONDAY) == 2
        late.commit()
    with committed_app.app_context(), transaction():
        assert seal_next(at=MONDAY) == 1
        assert [subject for _, subject in chained()] == ["account:0", "quick:1", "late:1"]
        assert verify(at=MONDAY).seq == 3


def test_two_sealers_at_once_do_not_fork(committed_app):
    with committed_app.app_context(), transaction():
        add(20)

    def seal() -> int:
        with transaction():
            return seal_next(at=MONDAY)

    assert sorted(all_at_once(committed_app, seal, seal, at=MONDAY)) == [0, 20]
    with committed_app.app_context(), transaction():
        assert verify(at=MONDAY).seq == 20


def db_engine(app) -> sa.Engine:
    with app.app_context():
        return db.engines[None]
