"""延期与挂起: the routes of its actions."""

from app.api.schemas.actions import delays
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "extension-request",
        Act.REQUEST_EXTENSION,
        delays.ExtensionBody,
        "requestExtension",
        "申请延期",
        "由主办单位提出，最迟在办结时限前规定的工作日数；经办人提出的先由本单位审批人同意。",
        is_of_unit=True,
    ),
    Action(
        "extension-request/consent",
        Act.CONSENT_EXTENSION,
        delays.RulingBody,
        "consentExtension",
        "同意申请延期",
        "本单位审批人同意后报协调员审批；第二次延期由督导审批。",
        is_of_unit=True,
    ),
    Action(
        "extension-request/approval",
        Act.RULE_EXTENSION,
        delays.RulingBody,
        "ruleExtension",
        "审批延期",
        "第一次由协调员、第二次由督导审批，不再有第三次；同意后办结时限顺延并告知企业。",
    ),
    Action(
        "suspension",
        Act.REQUEST_SUSPENSION,
        delays.SuspensionBody,
        "requestSuspension",
        "申请挂起",
        "由协调员或主办单位审批人提出，须附证明；本轮合计超过规定工作日的由督导审批。",
    ),
    Action(
        "suspension/approval",
        Act.RULE_SUSPENSION,
        delays.RulingBody,
        "ruleSuspension",
        "审批挂起",
        "审批人不得是申请人；同意后各时限暂停并告知企业，到核查日期提醒协调员，不自动恢复。",
    ),
    Action(
        "resumption",
        Act.RESUME,
        delays.ResumptionBody,
        "resumeTicket",
        "恢复办理",
        "回到挂起前的状态，各时限按剩余时间继续。",
    ),
)
