"""The transition table: which action leads from where to where, and what it demands.

Its rows stand in `steps/`. Read them and know all that can happen to a ticket;
`docs/ticket-flow.md` is drawn from them.
"""

from collections.abc import Mapping

from app.domain.permissions import Permission as Act
from app.domain.steps import (
    acceptance,
    aftercare,
    commenting,
    coordination,
    deferral,
    delays,
    escalation,
    handling,
    handover,
    merging,
    pressure,
    progress,
    purging,
    rectification,
    reminding,
    retarget,
    returning,
    rework,
    tracking,
    unreasonable,
    urging,
    warnings,
)
from app.domain.transition import Transition

TRANSITIONS: tuple[Transition, ...] = (
    *acceptance.ROWS,
    *deferral.ROWS,
    *coordination.ROWS,
    *returning.ROWS,
    *escalation.ROWS,
    *tracking.ROWS,
    *handling.ROWS,
    *delays.ROWS,
    *progress.ROWS,
    *unreasonable.ROWS,
    *aftercare.ROWS,
    *rework.ROWS,
    *rectification.ROWS,
    *merging.ROWS,
    *pressure.ROWS,
    *urging.ROWS,
    *commenting.ROWS,
    *retarget.ROWS,
    *warnings.ROWS,
    *reminding.ROWS,
    *handover.ROWS,
    *purging.ROWS,
)

BY_ACTION: Mapping[Act, Transition] = {row.action: row for row in TRANSITIONS}
