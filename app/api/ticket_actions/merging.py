"""并案: the routes of its actions that need nothing but the ticket."""

from app.api.schemas import merging
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "unmerge",
        Act.UNMERGE,
        merging.UnmergeBody,
        "unmergeTicket",
        "撤销并案",
        "主件答复之前由协调员撤销，恢复单独办理，时限视同未曾停止。",
    ),
)
