"""重定时限: the route of the action."""

from app.api.schemas.actions import retarget
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "retarget",
        Act.RETARGET,
        retarget.RetargetBody,
        "retargetTicket",
        "重定时限",
        "按今天有效的时限标准和工作日历重算办结时限和各单位未完成的时限，可以同时改变分级；"
        "须说明理由，并告知企业。",
    ),
)
