"""阶段反馈: the route of its action."""

from app.api.schemas.actions import progress
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "progress",
        Act.REPORT_PROGRESS,
        progress.ProgressBody,
        "reportProgress",
        "阶段反馈",
        "告诉企业办到哪一步、下次何时反馈；阶段反馈时限随之重新起算。",
    ),
)
