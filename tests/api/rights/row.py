"""How the matrix asks a route, and what who may ask is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.api.schemas.examples import EXAMPLES
from app.domain.actor import Role
from app.domain.permissions import Permission

FORBIDDEN = frozenset({403})
NOT_IN_REACH = frozenset({404})
FINE = frozenset({200, 201, 202, 204})
STALE = frozenset({412})
WRONG_INPUT = frozenset({422})
UNBOUND = frozenset({409})


@dataclass(frozen=True)
class Row:
    """How a route is asked, and what who may ask is answered.

    `status` is that of the ticket in the address. `reach` is the right that governs the object
    where the gate's own is that of everybody. Roles in `forbidden_to` hold the right, but not for
    what is asked here.
    """

    status: str = "revisiting"
    body: Mapping[str, Any] | None = None
    query: str = ""
    own: frozenset[int] = FINE
    foreign: frozenset[int] = NOT_IN_REACH
    reach: Permission | None = None
    forbidden_to: frozenset[Role] = frozenset()

    def answers(self, role: Role, *, own: bool) -> frozenset[int]:
        """What somebody of a role that holds the right is answered."""
        answered = self.own if own else self.foreign
        if role in self.forbidden_to and answered != NOT_IN_REACH:
            return FORBIDDEN
        return answered


def action(status: str, schema: Any) -> Row:
    return Row(status, body=EXAMPLES[schema], own=STALE)


OBJECT = Row()
ALIKE = Row(foreign=FINE)
"""Everybody is answered, of lists the own part; `test_reading_rights` looks into them."""
