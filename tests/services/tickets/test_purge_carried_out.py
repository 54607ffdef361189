"""What a purge takes away, what keeps it from that, and what the history says of it."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import db
from app.domain.facts.extension import Ruling
from app.domain.facts.purging import PurgeRequest
from app.domain.permissions import Permission as Act
from app.domain.retention import Term
from app.domain.vocabulary import Status
from app.models.audit_entry import AuditEntry
from app.models.legal_hold import LegalHold
from app.models.ticket_event import TicketEvent
from jobs.erase_purged import erase_purged
from services.attachments import Purged, describe, open_link, sign
from services.coordination.resubmission import resubmit
from services.expired_tickets import delete_next_tickets
from services.gateways.file_store import FileStore
from services.tickets.purging import PurgeHeld
from services.tickets.show import show_ticket
from tests.factories import MONDAY, make_account
from tests.services.tickets.purged import KEY, REASON, faults, purge, row, with_file
from tests.tampering import behind_its_back


@pytest.fixture
def files(app: Flask, database: None, tmp_path: Path) -> FileStore:
    """The store that the job works on."""
    return FileStore(app.config["SETTINGS"].file_store)


def hold(kind: str, subject_id: int | None) -> LegalHold:
    holder = make_account("sec_admin").account.id
    held = LegalHold(
        subject_kind=kind,
        subject_id=subject_id,
        subject=str(subject_id or ""),
        reason="诉讼保全",
        placed_by=holder,
        placed_at=MONDAY,
    )
    db.session.add(held)
    db.session.flush()
    return held


def lift(held: LegalHold) -> None:
    held.lifted_by, held.lifted_at = held.placed_by, MONDAY
    db.session.flush()


def test_it_is_out_of_reach_at_once_and_off_the_disk_with_the_next_run(files):
    case, file = with_file(files)
    at = clock.real().replace(microsecond=0)
    link = sign(file, KEY, at=at)
    _, content = open_link(link, KEY, files, at=at)
    content.close()
    path = Path(content.name)
    purge(case, file)
    for person in (case.cast.applicant, case.cast.supervisor):
        with pytest.raises(Purged):
            describe(person.actor, file)
    with pytest.raises(Purged):
        open_link(link, KEY, files, at=at)
    assert path.exists()
    assert erase_purged().items == 1
    assert not path.exists()
    assert row(file).storage_key is None
    assert erase_purged().items == 0
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "erase_purged"))
    assert [entry.subject for entry in entries] == [f"attachment:{file}"]
    assert faults() == []


def test_a_file_that_cannot_be_taken_away_stays_marked(files):
    case, file = with_file(files)
    purge(case, file)
    key = row(file).storage_key
    assert key
    path = files.root / key[:2] / key[2:]
    path.unlink()
    path.mkdir()
    assert erase_purged().failures == 1
    assert row(file).storage_key == key
    path.rmdir()
    assert erase_purged().failures == 0
    assert row(file).storage_key is None


def test_what_was_purged_is_not_handed_in_again(files):
    case, file = with_file(files, Status.SUPPLEMENTING)
    case.act(Act.LAPSE_SUPPLEMENT, at=MONDAY + timedelta(days=30))
    purge(case, file)
    again = resubmit(case.cast.applicant.actor, case.number, "AS", files, at=case.at)
    actor = case.cast.applicant.actor
    assert show_ticket(actor, again.number, at=case.at)["attachments"] == []


def test_the_ticket_goes_with_its_term_though_a_file_is_gone_already(files):
    case, file = with_file(files)
    purge(case, file)
    erase_purged()
    terms = dict.fromkeys(Term, timedelta(0))
    assert delete_next_tickets(terms, files, at=case.at.replace(year=2036)) == 1


@pytest.mark.parametrize("kind", ["ticket", "enterprise", "account", "everything"])
def test_what_is_held_is_not_purged_and_waits(files, kind):
    case, file = with_file(files)
    ids = {
        "ticket": case.ticket.id,
        "enterprise": case.cast.enterprise.id,
        "account": case.cast.applicant.account.id,
        "everything": None,
    }
    held = hold(kind, ids[kind])
    case.act(Act.REQUEST_PURGE, PurgeRequest((file,), REASON))
    with pytest.raises(PurgeHeld):
        case.act(Act.RULE_PURGE)
    assert row(file).purged_at is None
    lift(held)
    case.act(Act.RULE_PURGE)
    assert row(file).purged_at is not None


def test_of_what_is_held_a_purge_may_be_rejected(files):
    case, file = with_file(files)
    hold("ticket", case.ticket.id)
    case.act(Act.REQUEST_PURGE, PurgeRequest((file,), REASON))
    case.act(Act.RULE_PURGE, Ruling(approved=False, note="诉讼保全中"))


def test_a_hold_that_comes_after_the_ruling_keeps_the_content(files):
    case, file = with_file(files)
    purge(case, file)
    held = hold("ticket", case.ticket.id)
    assert erase_purged().items == 0
    assert row(file).storage_key is not None
    lift(held)
    assert erase_purged().items == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("purged_at = NULL, purged_by = NULL, purge_reason = NULL", "清除与事件所记不符"),
        ("sha256 = sha256('x')", "清除时所记不符"),
        ("size = size + 1", "清除时所记不符"),
    ],
)
def test_a_tombstone_changed_behind_the_products_back_is_named(files, change, reason):
    case, file = with_file(files)
    purge(case, file)
    behind_its_back(f"UPDATE attachments SET {change} WHERE ticket_id = :ticket", case)
    [found] = faults()
    assert found.startswith(f"{case.ticket.event_seq} ")
    assert reason in found


def test_a_purge_that_nobody_granted_is_named(files):
    case, file = with_file(files)
    behind_its_back(
        "UPDATE attachments SET purged_at = now(), purged_by = account_id, purge_reason = '无'"
        " WHERE ticket_id = :ticket",
        case,
    )
    assert faults() == [f"1 附件 {file} 的清除与事件所记不符"]


def test_the_chain_of_an_archived_ticket_goes_on(files):
    case, file = with_file(files)
    seq = case.ticket.event_seq
    purge(case, file)
    query = sa.select(TicketEvent.action).where(TicketEvent.ticket_id == case.ticket.id)
    actions = db.session.scalars(query.order_by(TicketEvent.seq)).all()
    assert actions[seq:] == ["request_purge", "rule_purge"]
    assert case.ticket.event_seq == seq + 2
