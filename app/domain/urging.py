"""催办: where a ticket can be urged, and what an urge is heeded by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.permissions import Permission as Act
from app.domain.ticket_state import TicketState
from app.domain.vocabulary import Status

URGEABLE = frozenset(
    {Status.SUBMITTED, Status.ACCEPTED, Status.COORDINATING, Status.HANDLING, Status.SUSPENDED}
)
"""While the offices owe the answer: not while the enterprise supplements, not once it is given."""

HEEDING = frozenset({Act.ACCEPT, Act.REPORT_PROGRESS})
"""What tells the enterprise how its ticket stands."""


def heeded(
    state: TicketState, action: Act, status: Status, values: Mapping[str, Any]
) -> dict[str, bool]:
    """The urge that waits is over: the enterprise was told or called, or nothing is owed now.

    `status` and `values` are those after the action.
    """
    if not state.is_urged:
        return {}
    is_over = action in HEEDING or status not in URGEABLE or _is_called(state.urged_at, values)
    return {"is_urged": False} if is_over else {}


def _is_called(urged_at: datetime | None, values: Mapping[str, Any]) -> bool:
    """Somebody spoke with the enterprise since."""
    called_at: datetime | None = values.get("last_contact_at")
    return called_at is not None and urged_at is not None and called_at >= urged_at
