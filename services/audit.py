"""审计: what is kept of who did what, in the same transaction as the deed."""

from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.models.audit_entry import AuditEntry


def record(actor: Actor, action: str, subject: str, facts: dict[str, Any] | None = None) -> None:
    """Add an entry for `actor`. `subject` is "kind:id"."""
    _add(
        account_id=actor.account_id,
        role=actor.role,
        action=action,
        subject=subject,
        ip=actor.ip,
        facts=facts or {},
    )


def record_for_account(
    account_id: int, action: str, subject: str, ip: str | None, facts: dict[str, Any] | None = None
) -> None:
    """Add an entry for an account that has not chosen a membership yet (log-in, log-out)."""
    _add(
        account_id=account_id,
        role="account",
        action=action,
        subject=subject,
        ip=ip,
        facts=facts or {},
    )


def _add(**values: Any) -> None:
    db.session.execute(sa.insert(AuditEntry).values(**values))
