"""审计: what is kept of who did what, in the same transaction as the deed.

The actions are those of `app.domain.audit_kinds`.
"""

from typing import Any

import sqlalchemy as sa

from app.db import db, end_transaction, separate_transaction
from app.domain.actor import Actor
from app.models.audit_entry import AuditEntry
from app.sealing import fingerprint

DIGITS = 16
"""Of the fingerprint of a log-in name: enough to tell names apart, too few to be one."""


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


def record_refused_log_in(login: str, ip: str | None, reason: str) -> None:
    """Add an entry of a log-in that failed, which stands although the request comes to nothing.

    The name that was typed may be anything, a password too, so only its fingerprint is kept: the
    auditor sees which attempts were for the same name, and asks for a name by typing it. `reason`
    is the code of the error.
    """
    entry = sa.insert(AuditEntry).values(
        role="account",
        action="log_in",
        subject=login_subject(login),
        ip=ip,
        result="refused",
        facts={"reason": reason},
    )
    # Nothing of the request stands, and nobody waits for a second connection with one in hand.
    end_transaction()
    with separate_transaction() as session:
        session.execute(entry)


def login_subject(login: str) -> str:
    """The subject of attempts to log in under a name."""
    return f"login:{fingerprint(login).hex()[:DIGITS]}"


def _add(**values: Any) -> None:
    db.session.execute(sa.insert(AuditEntry).values(**values))
