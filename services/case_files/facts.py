"""What a printed case file says of the facts of events and matters: names and codes in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from app.domain import labels
from app.domain.late_rungs import RUNG_LABELS
from app.domain.rating import Verdict
from app.domain.vocabulary import EscalationCause
from app.domain.work_calendar import LOCAL_ZONE

ESCALATION_CAUSE: Mapping[EscalationCause, str] = {
    EscalationCause.POLICY_GAP: "政策空白",
    EscalationCause.UNIT_DISPUTE: "部门争议",
    EscalationCause.MISSING_PRECONDITION: "条件不具备",
    EscalationCause.HISTORY: "历史遗留",
}
VERDICT: Mapping[Verdict, str] = {
    Verdict.UPHELD: "属实，整改",
    Verdict.FIXED: "当场解决",
    Verdict.EXPLAINED: "无依据，已解释",
    Verdict.SET_ASIDE: "不予采信",
}

CODES: Mapping[str, Mapping[Any, str]] = {
    "ticket_class": labels.TICKET_CLASS,
    "result_code": labels.RESULT,
    "channel": labels.CHANNEL,
    "kind": labels.KIND,
    "tier": labels.TIER,
    "clock": labels.CLOCK,
    "rung": RUNG_LABELS,
    "verdict": VERDICT,
    "cause": ESCALATION_CAUSE,
    "escalation_cause": ESCALATION_CAUSE,
    "outcome": {**labels.REVISIT, **labels.MATTER_OUTCOME},
    "status": labels.STATUS,
    "suspended_from": labels.STATUS,
    "ground": {
        **labels.REFUSAL_GROUND,
        **labels.RETURN_GROUND,
        **labels.SUSPENSION_GROUND,
        **labels.UNREASONABLE_GROUND,
    },
}
"""The words of what is a code, by the name of the fact."""

NAMES: Mapping[str, str] = {
    "account_id": "账号编号",
    "actions": "任务",
    "agenda": "议题",
    "agrees": "是否同意",
    "answer": "答复",
    "approved": "是否同意",
    "attachment_ids": "附件编号",
    "attempt": "次数",
    "body": "内容",
    "category_code": "类别",
    "cause": "原因",
    "channel": "来源",
    "clock": "时限",
    "co_organisation_ids": "协办单位编号",
    "comment": "留言",
    "complained_housekeeper_id": "被投诉管家编号",
    "complained_organisation_ids": "被投诉单位编号",
    "complains_of": "投诉对象",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "contacted_at": "联系时间",
    "countersigns": "是否会签",
    "days": "工作日数",
    "deadlines": "时限变化",
    "deferral": "容缺",
    "done_on": "完成日期",
    "due_at": "到期",
    "due_before": "原期限",
    "due_on": "完成日期",
    "enterprise_id": "企业编号",
    "escalation_cause": "提级原因",
    "excused_organisation_ids": "不再参加的单位编号",
    "explanation": "解释",
    "files": "所涉附件",
    "from_enterprise": "企业留言",
    "from_housekeeper_id": "原管家编号",
    "granted": "是否同意",
    "ground": "依据",
    "handling_note": "办理说明",
    "handover_id": "移交编号",
    "held_on": "会议日期",
    "housekeeper": "管家",
    "housekeeper_id": "管家编号",
    "id": "编号",
    "instruction": "办理要求",
    "is_anonymous": "匿名",
    "is_binding": "具有约束力",
    "is_breach_of_one_time_notice": "违反一次性告知",
    "is_claim_true": "诉求属实",
    "is_clear": "答复清楚",
    "is_confidential": "保密",
    "is_contacted": "已联系企业",
    "is_drawn": "是否抽中",
    "is_inner": "内部",
    "is_key_project": "重点项目",
    "is_late": "逾期",
    "is_reached": "是否接通",
    "is_reply_true": "答复属实",
    "items": "所列材料",
    "kind": "种类",
    "late_items": "补列材料",
    "lead_organisation_id": "主办单位编号",
    "level": "评分",
    "lot": "抽签",
    "minimum": "至少件数",
    "minutes": "纪要",
    "name": "名称",
    "new_due_at": "新的期限",
    "next_check_on": "下次复核日期",
    "next_report_on": "下次反馈日期",
    "next_review_on": "下次复核日期",
    "note": "说明",
    "number": "诉求编号",
    "opinion": "意见",
    "organisation_id": "单位编号",
    "organisation_ids": "单位编号",
    "outcome": "结果",
    "own_parent_number": "主诉求编号",
    "owner_account_id": "责任人账号编号",
    "owner_housekeeper_id": "责任管家编号",
    "owner_name": "责任人",
    "owner_organisation_id": "责任单位编号",
    "owner_organisation_name": "责任单位",
    "parent": "主诉求",
    "parent_number": "主诉求编号",
    "percent": "比例",
    "plan": "后续安排",
    "promise_date": "承诺日期",
    "promised_days": "承诺天数",
    "reason": "理由",
    "reasons": "原因",
    "receiving_body": "接收机构",
    "reply": "答复",
    "result_code": "办理结果",
    "resubmitted_from": "原诉求编号",
    "revisit_grounds": "必访理由",
    "right_door": "应向何处提出",
    "round": "办理轮次",
    "rung": "提醒等级",
    "satisfaction": "满意度",
    "seed_sha256": "种子 SHA-256",
    "seq": "序号",
    "sha256": "SHA-256",
    "silent_consent": "视为同意的单位编号",
    "silence_is_consent": "逾期视为同意",
    "size": "字节数",
    "status": "状态",
    "stratum_id": "分组编号",
    "suggested_organisation_id": "建议单位编号",
    "suspended_from": "挂起前状态",
    "task": "任务",
    "task_number": "任务序号",
    "task_numbers": "任务序号",
    "tasks": "任务",
    "template_code": "派单模板",
    "text": "内容",
    "ticket_class": "分级",
    "tier": "协调层级",
    "title": "标题",
    "transferred_at": "转送时间",
    "unit_deadlines": "单位时限变化",
    "unsolved_reason": "未解决原因",
    "upheld": "是否支持退回",
    "verdict": "核查结论",
    "was_contacted": "是否联系过",
    "was_pressed": "是否受到压力",
    "was_visible_at_first": "首次即可发现",
}
"""Every name that a fact of an event or a matter bears."""

_YES_OR_NO = {True: "是", False: "否"}


def told_facts(facts: Mapping[str, Any]) -> str:
    """Names and values, what is empty left out."""
    known = ((name, value) for name, value in facts.items() if value not in (None, "", [], {}))
    return "；".join(f"{NAMES.get(name, name)} {told_value(name, value)}" for name, value in known)


def told_value(name: str, value: Any) -> str:
    """A code in its words, an instant in local time, a text as it is, yes or no, a list."""
    if isinstance(value, Mapping):
        return f"（{told_facts(value)}）"
    if isinstance(value, list | tuple):
        return "、".join(told_value(name, one) for one in value)
    if isinstance(value, bool):
        return _YES_OR_NO[value]
    if name in CODES and value in CODES[name]:
        return CODES[name][value]
    return in_words(value)


def in_words(value: Any) -> str:
    """An instant in local time, a text as it is, everything else as JSON."""
    if not isinstance(value, str):
        return orjson.dumps(value).decode()
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M:%S") if at.tzinfo else value
