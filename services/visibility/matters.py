"""未了事项 of tickets, as a condition on what the ticket tells of them in short."""

from typing import Any

import sqlalchemy as sa

from app.domain.matters import OUTLASTING
from app.domain.vocabulary import MatterKind
from app.models.ticket import Ticket
from services.visibility.asking import Condition


def has_to_be_settled() -> Condition:
    """Whether a matter is open on a row of `tickets` before whose end the ticket does not end."""
    lasting = "|".join(sorted(OUTLASTING))
    told: Any = sa.func.array_to_string(Ticket.open_matters, " ")
    condition: Condition = told.regexp_match(rf"(^| )(?!({lasting})/)\S")
    return condition


def has_open(kind: MatterKind) -> Condition:
    """Whether a matter of this kind is open on a row of `tickets`."""
    told: Any = sa.func.array_to_string(Ticket.open_matters, " ")
    condition: Condition = sa.literal_column("' '").concat(told).like(f"% {kind.value}/%")
    return condition
