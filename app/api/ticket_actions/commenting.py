"""补充说明与内部备注: the route of their action."""

from app.api.schemas.actions import commenting
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "comments",
        Act.COMMENT,
        commenting.CommentBody,
        "commentOnTicket",
        "补充说明与内部备注",
        "企业写的是对本企业未结诉求的补充说明，管家和主办单位收到消息；工作人员写的是同事之间的"
        "内部备注，企业看不到。不改变状态、时限和版本，不需要 If-Match；要告诉企业进展用阶段反馈。",
        is_appended=True,
    ),
)
