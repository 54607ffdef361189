"""What addresses of the oversight are filled with: the same for everybody who may ask."""

import sqlalchemy as sa

from app import clock
from app.db import db
from app.models.audit_entry import AuditEntry
from app.models.data_request import DataRequest
from app.models.legal_hold import LegalHold
from tests.factories import Person


def places(owner: Person) -> dict[str, int]:
    """An entry of the audit, a hold that stands, and the owner's answered request for a copy."""
    return {"entry_id": _entry(), "hold_id": _hold(owner), "request_id": _request(owner)}


def _entry() -> int:
    found = db.session.scalar(sa.select(sa.func.min(AuditEntry.id)))
    assert found, "nothing has been audited yet"
    return found


def _request(owner: Person) -> int:
    at, account_id = clock.real(), owner.account.id
    asked = DataRequest(
        account_id=account_id,
        kind="export",
        words="",
        created_at=at,
        due_at=at,
        outcome="done",
        answer="已备好。",
        answered_by=account_id,
        answered_at=at,
    )
    db.session.add(asked)
    db.session.flush()
    return asked.id


def _hold(owner: Person) -> int:
    account_id = owner.account.id
    subject = {"subject_kind": "account", "subject_id": account_id, "subject": str(account_id)}
    placed = {"reason": "取证", "placed_by": account_id, "placed_at": clock.real()}
    standing = db.session.query(LegalHold).filter_by(**subject, lifted_at=None).one_or_none()
    if standing is None:
        standing = LegalHold(**subject, **placed)
        db.session.add(standing)
        db.session.flush()
    return standing.id
