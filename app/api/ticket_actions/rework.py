"""异议、重办、差评整改、结案: the routes of their actions."""

from app.api.schemas.actions import rectification, rework
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "objection",
        Act.OBJECT,
        rework.ObjectionBody,
        "objectToAnswer",
        "提出异议",
        "反馈送达后五个工作日内可以提出，随即进入下一轮办理。",
    ),
    Action(
        "rework",
        Act.ORDER_REWORK,
        rework.ReworkBody,
        "orderRework",
        "责令重办",
        "督导对抽查的诉求责令重办，随即进入下一轮办理。",
    ),
    Action(
        "review-contact",
        Act.RECORD_REVIEW_CONTACT,
        rectification.ReviewContactBody,
        "recordReviewContact",
        "登记差评联系",
        "差评后一个工作日内联系评价人；联系上后该时限停止。",
    ),
    Action(
        "review-verification",
        Act.VERIFY_REVIEW,
        rectification.ReviewVerdictBody,
        "verifyReview",
        "核查差评",
        "由没有办理过本件的人核查；企业会收到结论，并可以评价整改。",
    ),
    Action(
        "review-verification/ruling",
        Act.RULE_SET_ASIDE,
        rectification.SetAsideBody,
        "ruleSetAside",
        "裁定不予采信",
        "由提请人以外的督导裁定；不予采信的评价保留，但不计入满意率。",
    ),
    Action(
        "closure",
        Act.CLOSE,
        rectification.TicketClosureBody,
        "closeTicket",
        "督导结案",
        "不等评价期满而结案；反馈、回访和未了事项的要求与归档相同。",
    ),
)
