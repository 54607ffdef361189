"""第三步 办理: the routes of its actions."""

from app.api.schemas.actions import handling
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "feedback",
        Act.ANSWER_DIRECTLY,
        handling.AnswerBody,
        "answerDirectly",
        "直接答复",
        "无需派单时，由管家或协调员直接答复企业。",
    ),
    Action(
        "receipt",
        Act.SIGN_FOR,
        handling.SignForBody,
        "signForAssignment",
        "签收",
        "单位确认收到派单；时限从派单起算，不因迟签而延后。",
        is_of_unit=True,
    ),
    Action(
        "opinion",
        Act.GIVE_OPINION,
        handling.OpinionBody,
        "giveOpinion",
        "协办意见",
        "协办单位把意见给主办单位，企业不可见。",
        is_of_unit=True,
    ),
    Action(
        "reply",
        Act.REPLY,
        handling.AnswerBody,
        "draftReply",
        "起草答复",
        "主办单位起草给企业的答复，协办单位会签，由本单位审批人放行。",
        is_of_unit=True,
    ),
    Action(
        "countersignature",
        Act.COUNTERSIGN,
        handling.CountersignatureBody,
        "countersignReply",
        "会签",
        "协办单位会签主办单位现在的答复稿；有异议的退回主办单位修改，改后重新会签。",
        is_of_unit=True,
    ),
    Action(
        "approval",
        Act.RULE_REPLY,
        handling.ApprovalBody,
        "ruleReply",
        "审批答复",
        "放行后企业即可看到；审批人不得是起草人，协办意见和会签须齐。",
        is_of_unit=True,
    ),
)
