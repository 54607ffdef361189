"""第二步 协调: the routes of its actions."""

from app.api.schemas.actions import coordination
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "dispatch",
        Act.DISPATCH,
        coordination.DispatchBody,
        "dispatchTicket",
        "派单",
        "一个主办单位和若干协办单位；各单位的时限从派单起算。",
    ),
)
