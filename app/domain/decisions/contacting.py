"""联系企业: when somebody who handles a ticket spoke with the enterprise."""

from datetime import datetime
from typing import Any

from app.domain.errors import FieldError, InvalidInput
from app.domain.terms import Moment
from app.domain.ticket_state import TicketState


def check_contact(state: TicketState, contacted_at: datetime | None, moment: Moment) -> None:
    """Raises `InvalidInput` for a contact before the ticket was, or still to come."""
    if contacted_at is not None and not state.submitted_at <= contacted_at <= moment.at:
        raise InvalidInput(
            [FieldError("/contacted_at", "range", "联系时间应在提交之后、现在之前。")]
        )


def with_contact(state: TicketState, contacted_at: datetime | None) -> dict[str, Any]:
    """The latest contact, as a value of the ticket; nothing where nobody spoke."""
    if contacted_at is None:
        return {}
    return {"last_contact_at": max(contacted_at, state.last_contact_at or contacted_at)}
