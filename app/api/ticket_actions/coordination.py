"""第二步 协调: the routes of its actions."""

from app.api.schemas.actions import coordination
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "transfer",
        Act.TRANSFER_OUT,
        coordination.TransferOutBody,
        "transferOut",
        "转出",
        "登记转给了哪个机关；随后直接答复企业。拖欠账款超过转送时限才转出的记为逾期。",
    ),
    Action(
        "dispatch",
        Act.DISPATCH,
        coordination.DispatchBody,
        "dispatchTicket",
        "派单",
        "指定一个主办单位和若干协办单位；各单位的时限从派单起算，不因迟签而延后。",
    ),
)
