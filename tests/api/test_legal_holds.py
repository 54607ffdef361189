"""The security administrator places and lifts holds; the auditor sees them."""

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.models.audit_entry import AuditEntry
from tests.callers import Caller
from tests.factories import make_account, make_enterprise, make_ticket
from tests.problems import places, refused

REASON = "法院调取证据，案号（2026）辽 03 民初 12 号。"


@pytest.fixture
def officer(client, database) -> Caller:
    """A security administrator."""
    return Caller(client, make_account(Role.SEC_ADMIN, name="赵敏"))


def placed(officer: Caller, kind: str, subject: str = "") -> dict:
    answer = officer.post("/legal-holds", body(kind, subject))
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return answer.json


def body(kind: str, subject: str) -> dict[str, str]:
    return {"subject_kind": kind, "subject": subject, "reason": REASON}


def test_every_kind_of_subject_is_held_by_its_name(officer):
    subjects = {
        "ticket": make_ticket().number,
        "enterprise": str(make_enterprise().id),
        "account": str(officer.person.account.id),
        "everything": "",
    }
    for kind, subject in subjects.items():
        hold = placed(officer, kind, subject)
        assert (hold["subject"], hold["placed_by"]) == (subject, "赵敏")
        assert (hold["reason"], hold["lifted_at"]) == (REASON, None)
    listed = officer.get("/legal-holds").json["items"]
    assert [hold["subject_kind"] for hold in listed] == list(reversed(subjects))


@pytest.mark.parametrize(
    ("kind", "subject", "code"),
    [
        ("ticket", "AS20200101-000001", "unknown"),
        ("enterprise", "999999999", "unknown"),
        ("account", "", "unknown"),
        ("everything", "1", "subject"),
    ],
)
def test_a_subject_that_is_none_is_refused(officer, kind, subject, code):
    assert places(officer.post("/legal-holds", body(kind, subject))) == {"/subject": code}


def test_a_hold_stands_once(officer):
    hold = placed(officer, "everything")
    refused(officer.post("/legal-holds", body("everything", "")), 409, "already-exists")
    assert officer.post(f"/legal-holds/{hold['id']}/lifting").json["lifted_by"] == "赵敏"
    refused(officer.post(f"/legal-holds/{hold['id']}/lifting"), 409, "conflict")
    placed(officer, "everything")
    assert len(officer.get("/legal-holds?standing=true").json["items"]) == 1
    assert officer.get("/legal-holds?standing=false").json["items"][0]["id"] == hold["id"]


def test_both_are_kept_in_the_audit(officer):
    hold = placed(officer, "everything")
    officer.post(f"/legal-holds/{hold['id']}/lifting")
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["place_legal_hold", "lift_legal_hold"]
    assert {entry.subject for entry in entries} == {f"legal_hold:{hold['id']}"}
    assert entries[0].facts["reason"] == REASON


def test_the_auditor_sees_and_does_not_place(client, officer):
    hold = placed(officer, "everything")
    auditor = Caller(client, make_account(Role.AUDITOR))
    assert len(auditor.get("/legal-holds").json["items"]) == 1
    refused(auditor.post("/legal-holds", body("everything", "")), 403, "forbidden")
    refused(auditor.post(f"/legal-holds/{hold['id']}/lifting"), 403, "forbidden")
    refused(officer.post("/legal-holds/999999999/lifting"), 404, "not-found")
