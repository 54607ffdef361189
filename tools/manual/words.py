"""Names for people that only the page needs. A test holds each table to what the page reads."""

from collections.abc import Mapping

from app.domain.audience import Audience
from app.domain.limits import Unit
from app.domain.permission_names import Scope

AUDIENCE: Mapping[Audience, str] = {
    Audience.ENTERPRISE: "企业",
    Audience.HOUSEKEEPER: "管家",
    Audience.COORDINATORS: "协调员",
    Audience.SUPERVISORS: "督导",
    Audience.REVISITORS: "回访员",
    Audience.UNITS: "承办单位",
    Audience.LEAD_HANDLERS: "主办单位经办",
    Audience.LEAD_APPROVERS: "主办单位审批人",
    Audience.CO_UNITS: "协办单位经办",
    Audience.CONVENED: "参加会商的单位",
    Audience.CLOCK_UNIT: "该单位经办",
    Audience.CLOCK_APPROVERS: "该单位审批人",
    Audience.CLOCK_REVISITORS: "回访员",
    Audience.OWNER_UNIT: "挂账责任单位",
    Audience.TRACKING_OWNER: "挂账责任人",
    Audience.THIRD_ROUND_SUPERVISORS: "督导（多轮重办）",
}

SCOPE: Mapping[Scope, str] = {
    Scope.OWN: "本人的",
    Scope.OWN_ENTERPRISE: "本企业的",
    Scope.PAIRING: "所结对企业的",
    Scope.DESK: "本窗口登记或待电话联系的",
    Scope.AREA: "本地区的",
    Scope.LEAD_UNIT: "本单位主办的",
    Scope.CO_UNIT: "本单位协办的",
    Scope.UNIT: "本单位承办的",
    Scope.POOL: "本地区待回访、待核查的",
    Scope.ALL: "",
}
"""How far a right reaches, before 诉求; nothing where it has no bounds."""

UNIT: Mapping[Unit, str] = {
    Unit.WORKING_MINUTES: "工作分钟",
    Unit.WORKING_DAYS: "个工作日",
    Unit.MINUTES: "分钟",
    Unit.DAYS: "天",
}

FACT: Mapping[str, str] = {
    "resubmitted_from": "原来的诉求",
    "deadlines": "原来的和新的时限",
    "ground": "理由",
    "files": "所涉附件的编号、大小和摘要",
    "granted": "是否同意",
    "explanation": "给企业的说明",
    "right_door": "应走的渠道",
    "items": "材料清单",
    "attempt": "第几次",
    "organisation_id": "单位名称",
    "result_code": "办理结果",
    "answer": "答复全文",
    "days": "工作日数",
    "reason": "原因",
    "new_due_at": "新的办结时限",
    "next_check_on": "下次核查的日期",
    "escalation_cause": "提级的原因",
    "owner_organisation_name": "责任单位",
    "own_parent_number": "主件编号（主件是本企业的）",
}
"""What an event tells, where the fields of its action do not say it already."""

OUTCOME: Mapping[str, str] = {
    "approved": "同意的",
    "granted": "同意的",
    "rejected": "不同意的",
    "denied": "企业否认的",
    "from_enterprise": "企业补充说明的",
    "inner": "内部备注",
    "asked": "经办人提出的",
    "inner_to_supervisors": "所涉附件未向企业公开的",
    "inner_granted": "所涉附件未向企业公开而同意的",
    "inner_rejected": "所涉附件未向企业公开而不同意的",
    "consented": "本单位审批人同意的",
    "declined": "本单位审批人不同意的",
    "co_returned": "同意协办单位退回的",
    "lead_returned": "同意主办单位退回的",
    "objected": "有异议的",
    "released": "放行的",
    "returned": "退回修改的",
    "to_consent": "经办人提出的",
    "to_coordinators": "由协调员审批的",
    "to_supervisors": "由督导审批的",
    "solved": "已解决的",
    "unsolved": "未解决的",
    "unreached": "未联系上的",
    "bad": "给差评的",
    "upheld": "属实的",
    "fixed": "已当场整改的",
    "explained": "已解释的",
    "set_aside": "提请不予采信的",
    "meeting_tomorrow": "会前一个工作日",
    "task_late": "会议任务逾期的",
    "review_due": "到复核日期的",
    "all_done": "全部任务完成的",
    "task_done": "还有任务未完成的",
    "yellow": "黄牌",
    "red": "红牌",
}
"""Of which outcome something is said; what is told of any outcome goes without."""
