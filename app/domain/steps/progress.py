"""阶段反馈: what can be done, from where to where, on which conditions."""

from app.domain.decisions import progress
from app.domain.guards import units
from app.domain.permissions import Permission as Act
from app.domain.transition import AT_WORK, Transition

ROWS = (
    Transition(
        Act.REPORT_PROGRESS,
        AT_WORK,
        None,
        progress.report_progress,
        entitled=units.leads_or_is_no_unit,
        makes_handler=True,
    ),
)
