"""第一步 受理: the routes of its actions."""

from app.api.schemas.actions import acceptance
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "first-contact",
        Act.FIRST_CONTACT,
        acceptance.FirstContactBody,
        "recordFirstContact",
        "记录首次联系",
        "登记与企业的第一次联系，首次联系时限随之停止；是否真的联系过，由企业确认。",
    ),
    Action(
        "first-contact/confirmation",
        Act.CONFIRM_CONTACT,
        acceptance.ContactConfirmationBody,
        "confirmFirstContact",
        "确认首次联系",
        "由企业确认登记的首次联系是否真的发生，只能说一次；否认的告知协调员和督导。",
    ),
    Action(
        "acceptance",
        Act.ACCEPT,
        acceptance.AcceptanceBody,
        "acceptTicket",
        "受理",
        "确定分级和类别，向企业承诺办结时限；办结时限从提交之日起算。",
    ),
    Action(
        "refusal",
        Act.PROPOSE_REFUSAL,
        acceptance.RefusalBody,
        "proposeRefusal",
        "提出不予受理",
        "写明理由和应走的渠道；由第二人审批同意后才生效，此前企业不知情。",
    ),
    Action(
        "refusal/approval",
        Act.RULE_REFUSAL,
        acceptance.RefusalRulingBody,
        "ruleRefusal",
        "审批不予受理",
        "同意的，诉求到此结束，企业看到理由和应走的渠道；不同意的，继续受理。审批人不得是提出人。",
    ),
    Action(
        "supplement-request",
        Act.REQUEST_SUPPLEMENT,
        acceptance.SupplementNoticeBody,
        "requestSupplement",
        "要求补正",
        "一次告知缺少的全部材料，不超过规定次数；企业补正前暂停计时。",
    ),
    Action(
        "supplement",
        Act.SUPPLY,
        acceptance.SupplementBody,
        "supplyMaterial",
        "补正",
        "企业按通知补充材料；补正后各时限按剩余时间继续。",
    ),
    Action(
        "withdrawal",
        Act.WITHDRAW,
        acceptance.WithdrawalBody,
        "withdrawTicket",
        "撤回",
        "反馈之前企业随时可以撤回；已派单的，承办单位会收到通知。",
    ),
)
