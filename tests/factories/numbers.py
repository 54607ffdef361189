"""Numbers that an administrator has set, as they stand when their day has come."""

from datetime import date

from app.db import db
from app.domain.rules import Rule
from app.models.flow_rule import FlowRule


def set_number(rule: Rule, amount: int, since: str = "2026-06-02") -> None:
    """The row of `rule` from a day on, however near that is."""
    db.session.add(FlowRule(name=rule, amount=amount, effective_from=date.fromisoformat(since)))
    db.session.flush()
