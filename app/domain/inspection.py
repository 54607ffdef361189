"""调阅: who reads the details of a ticket only for a reason that is kept.

Source: the roles of the domain, section 2: a supervisor sees details with a logged reason, lists
and statistics freely.
"""

from datetime import timedelta

from app.domain.actor import Role
from app.domain.errors import Forbidden

FOR_A_REASON = frozenset({Role.SUPERVISOR})

VALID_FOR = timedelta(hours=8)
"""A working day: whoever deals with a ticket does not state the reason for each look."""


class InspectionRequired(Forbidden):
    """查看这件诉求的详情之前，请先说明理由：POST /tickets/{编号}/inspection，八小时内有效。"""

    code = "inspection-required"
