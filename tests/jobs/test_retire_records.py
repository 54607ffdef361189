"""What is kept for weeks and years: each table its term, each deletion on the record."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import Model, db
from app.domain.handover import HandoverReason
from app.domain.phone_forms import Template
from app.domain.retention import Term
from app.models.audit_entry import AuditEntry
from app.models.data_request import DataRequest
from app.models.delivery import Delivery
from app.models.disclosure import Disclosure
from app.models.export import Export
from app.models.handover import Handover
from app.models.import_batch import ImportBatch, ImportChange, ImportRow
from app.models.legal_hold import LegalHold
from app.models.member import Invitation, MembershipRequest
from app.models.notification import Notification
from app.models.pairing import HousekeeperChangeRequest, Pairing
from app.models.push import WechatPush
from app.models.register_conflict import RegisterConflict
from app.models.supervision import Letter
from app.models.ticket_draft import TicketDraft
from jobs.sweep_expired import retire_records
from services.expiry.table import LONG
from tests.domain.calendars import local
from tests.factories import (
    make_account,
    make_binding,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_pairing,
)
from tests.factories.exports import make_export
from tests.jobs.old_plans import OF_PLANS
from tests.jobs.old_pushes import OF_PUSHES, add_draft, add_waiting_push

pytestmark = pytest.mark.usefixtures("database")

NOW = local("2026-06-10 10:00")
SECOND = timedelta(seconds=1)


def retired() -> int:
    with clock.frozen(NOW):
        outcome = retire_records()
    assert outcome.failures == 0, outcome.notes
    db.session.expire_all()
    return outcome.items


def left(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def keep(row: Model) -> Model:
    db.session.add(row)
    db.session.flush()
    return row


def staff() -> int:
    return make_account("register_officer").account.id


def add_batch(age, **columns):
    plain = {"kind": "enterprises", "filename": "x", "digest": "0", "is_dry_run": True}
    ended = {"state": "done", "finished_at": NOW - age, "account_id": staff()}
    return keep(ImportBatch(**plain | ended | columns))


def add_row(age):
    keep(ImportRow(batch_id=add_batch(age).id, row=2, verdict="ok"))


def add_change(age):
    batch = add_batch(timedelta(0))
    key = {"batch_id": batch.id, "kind": "enterprises", "subject_id": 1, "row": 2}
    keep(ImportChange(**key, created_at=NOW - age))


def add_conflict(age):
    keep(
        RegisterConflict(
            batch_id=add_batch(timedelta(0)).id,
            row=2,
            enterprise_id=make_enterprise().id,
            organisation_id=make_organisation().id,
            entry=b"",
            state="kept",
            settled_at=NOW - age,
        )
    )


def add_disclosure(age):
    seen = {"enterprise_id": make_enterprise().id, "fields": ["contact_phone"], "reason": "回访"}
    keep(Disclosure(at=NOW - age, account_id=staff(), role="operator", **seen))


def add_export(age):
    maker, other = make_account("coordinator"), make_account("supervisor")
    make_export(other, maker, state="refused", created_at=NOW - age)


def add_data_request(age):
    asked = {"kind": "correct", "words": "更正", "created_at": NOW, "due_at": NOW}
    answered = {"outcome": "done", "answered_at": NOW - age}
    keep(DataRequest(account_id=staff(), **asked, **answered))


def add_letter(age):
    told = {"organisation_id": make_organisation().id, "area_code": "210302002000"}
    said = {"ticket_numbers": [], "facts": "多次超期", "suggested_at": NOW - age}
    keep(Letter(**told, **said, state="closed", closed_at=NOW - age))


def add_membership_request(age):
    person = {"name": b"", "phone": b"", "phone_hash": b"h"}
    decided = {"state": "refused", "decided_at": NOW - age, "decided_by": staff()}
    enterprise = make_enterprise().id
    keep(MembershipRequest(enterprise_id=enterprise, asked_at=NOW, **person, **decided))


def add_invitation(age):
    times = {"created_at": NOW - age, "expires_at": NOW - age}
    code = {"code_hash": b"c", "role": "enterprise_staff", "invited_by": staff()}
    keep(Invitation(enterprise_id=make_enterprise().id, **code, **times))


def add_message(age, created=None):
    pairing = make_pairing(make_enterprise(), make_housekeeper())
    told = {"account_id": staff(), "channel": "inbox", "kind": "paired", "title": "t", "body": "b"}
    return keep(Notification(pairing_id=pairing.id, created_at=NOW - (created or age), **told))


def add_delivery(age):
    message = add_message(timedelta(0))
    binding = make_binding(make_account("enterprise_admin"))
    times = {"send_at": NOW, "expires_at": NOW, "created_at": NOW - age}
    state = {"state": "failed", "reason": "expired", "rank": 1, "template": Template.TODO}
    keep(Delivery(notification_id=message.id, binding_id=binding.id, **times, **state))


def add_pairing(age):
    pairing = make_pairing(make_enterprise(), make_housekeeper())
    pairing.end(at=NOW - age)
    db.session.flush()
    return pairing


def add_change_request(age):
    asked = {"quarter": "2016Q1", "requested_by": staff(), "requested_at": NOW - age}
    settled = {"state": "declined", "explanation": "暂无", "settled_at": NOW - age}
    keep(HousekeeperChangeRequest(enterprise_id=make_enterprise().id, **asked, **settled))


def add_handover(age):
    keep(
        Handover(
            housekeeper_id=make_housekeeper().id,
            receiver_id=make_housekeeper().id,
            reason=HandoverReason.TRANSFER,
            state="cancelled",
            checklist={},
            opened_by=staff(),
            opened_at=NOW - age,
            due_at=NOW - age,
            settled_at=NOW - age,
        )
    )


MONTH, THREE_YEARS, TEN_YEARS = (timedelta(days=days) for days in (30, 1095, 3650))
TERMS = [
    *OF_PUSHES,
    *OF_PLANS,
    (add_batch, ImportBatch, MONTH),
    (add_row, ImportRow, MONTH),
    (add_change, ImportChange, MONTH),
    (add_conflict, RegisterConflict, MONTH),
    (add_disclosure, Disclosure, THREE_YEARS),
    (add_export, Export, THREE_YEARS),
    (add_data_request, DataRequest, THREE_YEARS),
    (add_letter, Letter, THREE_YEARS),
    (add_membership_request, MembershipRequest, THREE_YEARS),
    (add_invitation, Invitation, THREE_YEARS),
    (add_message, Notification, THREE_YEARS),
    (add_delivery, Delivery, THREE_YEARS),
    (add_pairing, Pairing, TEN_YEARS),
    (add_change_request, HousekeeperChangeRequest, TEN_YEARS),
    (add_handover, Handover, TEN_YEARS),
]
EACH = pytest.mark.parametrize(
    ("add", "model", "term"), TERMS, ids=[model.__tablename__ for _, model, _ in TERMS]
)


def test_the_table_of_this_test_is_the_table_of_the_product():
    assert {model for _, model, _ in TERMS} == {kept.model for kept in LONG}


@EACH
def test_it_is_kept_for_its_term_and_goes_on_the_record(add, model, term):
    add(term)
    assert (retired(), left(model)) == (0, 1)
    db.session.execute(sa.delete(model))
    add(term + SECOND)
    retired()
    assert left(model) == 0
    entry = sa.select(AuditEntry).where(AuditEntry.subject == f"table:{model.__tablename__}")
    assert [(found.action, found.facts["rows"]) for found in db.session.scalars(entry)] == [
        ("delete_expired", 1)
    ]


@EACH
def test_a_hold_on_everything_keeps_it_until_lifted(add, model, term):
    placed = {"reason": "取证", "placed_by": staff(), "placed_at": NOW}
    hold = LegalHold(subject_kind="everything", subject="", **placed)
    keep(hold)
    add(term + SECOND)
    assert (retired(), left(model)) == (0, 1)
    hold.lifted_by, hold.lifted_at = hold.placed_by, NOW
    db.session.flush()
    retired()
    assert left(model) == 0


HELD = [
    (add_disclosure, Disclosure, "account", Disclosure.account_id),
    (add_disclosure, Disclosure, "enterprise", Disclosure.enterprise_id),
    (add_export, Export, "account", Export.account_id),
    (add_data_request, DataRequest, "account", DataRequest.account_id),
    (add_conflict, RegisterConflict, "enterprise", RegisterConflict.enterprise_id),
    (add_pairing, Pairing, "enterprise", Pairing.enterprise_id),
    (add_batch, ImportBatch, "account", ImportBatch.account_id),
    (add_draft, TicketDraft, "account", TicketDraft.account_id),
]


@pytest.mark.parametrize(("add", "model", "kind", "of"), HELD)
def test_a_hold_on_somebody_keeps_what_is_about_them(add, model, kind, of):
    add(2 * TEN_YEARS)
    subject = db.session.scalar(sa.select(of))
    placed = {"reason": "取证", "placed_by": staff(), "placed_at": NOW}
    keep(LegalHold(subject_kind=kind, subject_id=subject, subject="", **placed))
    retired()
    assert left(model) == 1


def test_what_waits_for_the_operators_or_to_be_worked_stays():
    add_draft(TEN_YEARS, account_id=None)
    add_waiting_push(TEN_YEARS)
    assert (retired(), left(TicketDraft), left(WechatPush)) == (0, 1, 1)


@pytest.mark.parametrize("state", ["awaiting", "queued"])
def test_an_export_that_somebody_waits_for_stays(state):
    maker, other = make_account("coordinator"), make_account("supervisor")
    make_export(other, maker, state=state, grounds=[], created_at=NOW - TEN_YEARS)
    assert (retired(), left(Export)) == (0, 1)


def test_a_batch_that_somebody_in_the_register_came_from_stays():
    batch = add_batch(TEN_YEARS, is_dry_run=False)
    make_enterprise().import_batch_id = batch.id
    db.session.flush()
    assert (retired(), left(ImportBatch)) == (0, 1)


def test_a_pairing_stays_as_long_as_a_message_tells_of_it():
    pairing = add_pairing(2 * TEN_YEARS)
    message = add_message(timedelta(0))
    message.pairing_id = pairing.id
    db.session.flush()
    retired()
    assert db.session.get(Pairing, pairing.id)


def test_an_installation_sets_its_own_terms(app, monkeypatch):
    add_data_request(TEN_YEARS - SECOND)
    terms = app.config["RETENTION"]
    monkeypatch.setitem(app.config, "RETENTION", terms | {Term.RECORDS: TEN_YEARS})
    assert (retired(), left(DataRequest)) == (0, 1)
