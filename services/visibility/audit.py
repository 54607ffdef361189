"""The audit: for auditors, who see logs and nothing else."""

import sqlalchemy as sa

from app.domain.actor import Actor
from app.domain.permissions import Permission, Scope, scope_of
from services.visibility.asking import NOTHING, Condition


def visible_audit(actor: Actor) -> Condition:
    """The condition on `audit_entries` under which the actor may see a row: all or none."""
    return sa.true() if scope_of(actor, Permission.READ_AUDIT) is Scope.ALL else NOTHING
