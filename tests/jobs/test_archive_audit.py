"""The audit leaves the database when its time is over, never before 184 days, never with gaps."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.models.audit_entry import AuditArchive, AuditChain, AuditEntry
from app.models.legal_hold import LegalHold
from jobs.archive_audit import archive_audit
from services import audit_archive
from services.audit_archive import ChainBroken, archive_next, verify_archives
from services.audit_chain import seal_next, verify
from services.gateways.file_store import FileStore
from tests.factories import make_account, make_ticket

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


@pytest.fixture
def files(app) -> FileStore:
    """Where archives lie."""
    return FileStore(app.config["SETTINGS"].file_store)


def add(days: int, subject: str = "account:1", account_id: int | None = None) -> None:
    """An entry of so many days ago."""
    values = {"role": "account", "action": "log_in", "facts": {"of": days}}
    at = clock.real() - days * DAY
    db.session.execute(
        sa.insert(AuditEntry).values(at=at, subject=subject, account_id=account_id, **values)
    )


def sealed() -> None:
    while seal_next(at=clock.real()):
        pass


def archived(keep: int, files: FileStore) -> int:
    return archive_next(files, keep * DAY, at=clock.real())


def ages() -> list[int]:
    query = sa.select(AuditEntry.facts["of"].as_integer()).order_by(AuditEntry.seal_seq)
    return [age for age in db.session.scalars(query) if age is not None]


@pytest.mark.parametrize(("keep", "left"), [(400, [399]), (500, [450, 399])])
def test_it_is_kept_as_long_as_the_setting_says(files, keep, left):
    for days in (600, 450, 399):
        add(days)
    sealed()
    archived(keep, files)
    assert ages() == left


def test_184_days_are_kept_whatever_is_asked(files):
    for days in (185, 183):
        add(days)
    sealed()
    assert archived(1, files) == 1
    assert ages() == [183]


def test_what_is_not_sealed_stays(files):
    add(600)
    assert archived(400, files) == 0


def test_the_chain_holds_on_both_sides_of_the_cut(files):
    for days in (600, 500, 300, 200):
        add(days)
    sealed()
    head = db.session.scalars(sa.select(AuditChain.last_hash)).one()
    assert archived(400, files) == 2
    chain = db.session.scalars(sa.select(AuditChain)).one()
    [archive] = db.session.scalars(sa.select(AuditArchive))
    assert (archive.first_seq, archive.last_seq, chain.first_seq) == (1, 2, 3)
    assert archive.last_hash == chain.first_hash
    assert verify(at=clock.real()).hash == head
    [verified] = verify_archives(files)
    assert verified.found.hash == archive.last_hash


def test_archiving_is_on_the_record(files):
    add(600)
    sealed()
    archived(400, files)
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "archive_audit")
    ).one()
    assert (entry.subject, entry.facts["rows"], entry.facts["until"]) == ("audit_archive:1", 1, 1)


def test_the_file_tells_nothing_without_the_key(files):
    add(600, subject="ticket:AS20200101-000001")
    sealed()
    archived(400, files)
    key = db.session.scalars(sa.select(AuditArchive.storage_key)).one()
    with files.open(key) as file:
        assert b"AS2020" not in file.read()


def test_a_broken_chain_is_not_archived(files):
    for days in (600, 500):
        add(days)
    sealed()
    db.session.execute(sa.text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    db.session.execute(sa.text("UPDATE audit_entries SET role = 'x' WHERE seal_seq = 2"))
    with pytest.raises(ChainBroken, match="第 2 条"):
        archived(400, files)
    assert len(ages()) == 2


def test_an_archive_that_was_changed_is_named(files):
    add(600)
    sealed()
    archived(400, files)
    db.session.execute(sa.update(AuditArchive).values(last_hash=b"x"))
    [verified] = verify_archives(files)
    assert verified.found.reason == "归档的末尾与登记不符"


def begin_anew() -> None:
    """Without the entries that making a ticket has left, which no product code could remove."""
    for statement in (
        "ALTER TABLE audit_entries DISABLE TRIGGER USER",
        "DELETE FROM audit_entries",
        "ALTER TABLE audit_entries ENABLE TRIGGER USER",
    ):
        db.session.execute(sa.text(statement))


def held(kind: str, subject_id: int | None) -> None:
    account_id = make_account("sec_admin").account.id
    placed = {"reason": "取证", "placed_by": account_id, "placed_at": clock.real()}
    db.session.add(LegalHold(subject_kind=kind, subject_id=subject_id, subject="", **placed))
    db.session.flush()


@pytest.mark.parametrize("kind", ["everything", "account", "ticket", "enterprise"])
def test_a_held_entry_stays_and_keeps_the_younger_ones(files, kind):
    ticket, person = make_ticket().ticket, make_account("coordinator")
    begin_anew()
    add(600)
    add(500, f"ticket:{ticket.number}", person.account.id)
    add(450)
    sealed()
    ids = {"account": person.account.id, "ticket": ticket.id, "enterprise": ticket.enterprise_id}
    held(kind, ids.get(kind))
    archived(400, files)
    assert ages() == ([600, 500, 450] if kind == "everything" else [500, 450])


def test_the_job_goes_on_until_nothing_is_left(files, monkeypatch):
    monkeypatch.setattr(audit_archive, "BATCH", 2)
    for days in (604, 603, 602, 601, 300):
        add(days)
    sealed()
    assert archive_audit().items == 4
    assert ages() == [300]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditArchive)) == 2
    assert current_app.config["SETTINGS"].audit_keep_days == 400
