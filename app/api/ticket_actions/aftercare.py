"""第四至六步 反馈、回访、评价: the routes of its actions."""

from app.api.schemas.actions import aftercare
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "feedback/receipt",
        Act.RECEIVE_FEEDBACK,
        aftercare.ReceiptBody,
        "receiveFeedback",
        "反馈送达",
        "企业查看反馈，或座席电话告知后登记。属于必访的和抽中的安排回访，其余的直接请企业评价。",
    ),
    Action(
        "revisit",
        Act.RECORD_REVISIT,
        aftercare.RevisitBody,
        "recordRevisit",
        "登记回访",
        "办理过本件的人和单位不得回访。未接通的换一个半天再拨，达到规定次数未接通为未联系上；"
        "未解决的进入下一轮。",
    ),
    Action(
        "evaluation",
        Act.EVALUATE,
        aftercare.RatingBody,
        "evaluateTicket",
        "评价",
        "只由企业评价，五个等级，不默认好评。",
    ),
)
