"""One action as a route: its noun in the path, its right, its body, its words."""

from typing import NamedTuple

from app.api.schemas.actions.body import ActionBody
from app.domain.permissions import Permission


class Action(NamedTuple):
    """操作. `is_of_unit`: under the unit's own part of the ticket, not under the ticket.

    `is_on_other_unit`: somebody above acts on that part, and the facts name its unit.
    `is_appended`: it is added to whatever has become of the ticket, without If-Match.
    """

    noun: str
    permission: Permission
    body: type[ActionBody]
    operation: str
    summary: str
    description: str
    is_of_unit: bool = False
    is_on_other_unit: bool = False
    is_appended: bool = False
