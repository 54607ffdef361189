"""退回和会商: the routes of their actions."""

from app.api.schemas.actions import returning
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "return-request",
        Act.REQUEST_RETURN,
        returning.ReturnRequestBody,
        "requestReturn",
        "申请退回",
        "每个单位一次，须在子工单的退回截止时间之前；经办提出的须由本单位审批人同意。",
        is_of_unit=True,
    ),
    Action(
        "return-request/consent",
        Act.CONSENT_RETURN,
        returning.ReturnConsentBody,
        "consentReturn",
        "审批退回申请",
        "本单位审批人同意后由协调员裁定；审批人不得是申请人。",
        is_of_unit=True,
    ),
    Action(
        "ruling",
        Act.RULE_RETURN,
        returning.ReturnRulingBody,
        "ruleReturn",
        "裁定退回",
        "同意的，该单位的时限停止、不计入考核，主办退回的须重新派单；裁定达到规定次数的须先会商。",
        is_of_unit=True,
        is_on_other_unit=True,
    ),
    Action(
        "consultation",
        Act.CONVENE,
        returning.ConveningBody,
        "conveneConsultation",
        "召集会商",
        "职责不清时由协调员召集有关单位；各单位的时限照常计算。",
    ),
    Action(
        "consultation/conclusion",
        Act.CONCLUDE_CONSULTATION,
        returning.ConclusionBody,
        "concludeConsultation",
        "会商结论",
        "按结论派单，未裁定的退回申请随之了结；有约束力的结论留作派单规则。",
    ),
)
