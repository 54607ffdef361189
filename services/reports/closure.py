"""办结情况报表: how many were accepted, completed, in time, solved, by groups, in one's area.

Told from figures that a job keeps, where they answer the question; counted from the rows where not.
Totals are the sums of the groups.
"""

from datetime import datetime
from typing import Any

from app.domain.actor import Actor
from app.domain.periods import told_at
from app.domain.permissions import Permission, Scope, may, scope_of
from services.reports.figures import counted_beforehand
from services.reports.lines import Drawer
from services.reports.live import counted_now
from services.reports.question import Question


def report_closure(actor: Actor, asked: Question, *, at: datetime) -> dict[str, Any]:
    """The report over the tickets that the actor's statistics count.

    Raises `InvalidInput` for a cut-off before the period or after today.
    """
    as_of = told_at(asked.until, asked.period, at=at)
    told = counted_beforehand(actor, asked, at=at) or counted_now(actor, asked, as_of)
    is_now = told.as_of == at or asked.until is None
    drawer = Drawer(asked, _own_filters(actor) if is_now else None)
    return {
        "group_by": asked.group_by,
        "from": asked.period.first,
        "to": asked.period.end,
        "cohort": asked.is_cohort,
        "as_of": told.as_of,
        "definitions": drawer.layout.definitions,
        "totals": drawer.total(told.figures),
        "groups": drawer.groups(told),
    }


def _own_filters(actor: Actor) -> dict[str, str] | None:
    """What narrows the list of tickets to what the actor's statistics count; None: no list."""
    if not may(actor, Permission.READ_TICKETS):
        return None
    is_unit = scope_of(actor, Permission.READ_REPORTS) is Scope.UNIT
    return {"organisation": str(actor.organisation_id)} if is_unit else {}
