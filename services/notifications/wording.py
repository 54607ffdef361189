"""消息的措辞: short, about the reader's own ticket, without amounts, names or the full text."""

from collections.abc import Mapping

from app.domain.audience import MessageKind
from app.domain.labels import CLOCK
from app.domain.sla_clock import ClockKind

TITLES: Mapping[MessageKind, str] = {
    MessageKind.ACCEPTED: "受理通知",
    MessageKind.REFUSED: "不予受理",
    MessageKind.SUPPLEMENT_NEEDED: "补正通知",
    MessageKind.NEW_TODO: "新诉求待办",
    MessageKind.DUE_SOON: "即将到期",
    MessageKind.OVERDUE: "已超期",
    MessageKind.FEEDBACK_READY: "办理反馈",
    MessageKind.EVALUATION_INVITED: "评价邀请",
    MessageKind.WITHDRAWN: "诉求已撤回",
    MessageKind.RETURNED: "答复被退回",
    MessageKind.BAD_REVIEW: "收到差评",
    MessageKind.SUPPLEMENT_REMINDER: "补正提醒",
    MessageKind.REVISIT_DUE: "待回访",
    MessageKind.EVALUATION_REMINDER: "评价提醒",
    MessageKind.DEFERRAL_REMINDER: "容缺材料提醒",
    MessageKind.DEADLINE_MOVED: "时限调整",
    MessageKind.CALENDAR_MISSING: "缺少放假安排",
    MessageKind.DEADLINES_DRIFTED: "时限核对不符",
    MessageKind.SUPPLEMENT_LAPSED: "逾期未补正",
    MessageKind.DEFERRAL_SUPPLIED: "容缺材料已补齐",
    MessageKind.DEFERRAL_FAILED: "容缺未补齐退件",
    MessageKind.COUNTERSIGN_ASKED: "答复稿待会签",
    MessageKind.CONTACT_DENIED: "企业否认首次联系",
    MessageKind.RETURN_ASKED: "退回申请待处理",
    MessageKind.RETURN_RULED: "退回申请已有结论",
    MessageKind.CONVENED: "会商通知",
    MessageKind.HOUSEKEEPER_CHANGED: "管家变更",
    MessageKind.HANDOVER_TO_SIGN: "待签收交接",
    MessageKind.HANDOVER_SIGNED: "交接已签收",
    MessageKind.HANDOVER_CANCELLED: "交接已取消",
    MessageKind.NUDGE: "时限过半",
    MessageKind.SUPERVISION: "超期督办",
    MessageKind.ORDER_FOR_UNIT: "督办单",
    MessageKind.ORDER_ANSWERED: "督办单有回复",
    MessageKind.LETTER_RECEIVED: "提醒函",
    MessageKind.LETTER_ANSWERED: "提醒函有回复",
}

BODIES: Mapping[MessageKind, str] = {
    MessageKind.ACCEPTED: "诉求 {number} 已受理，请在诉求详情查看办结时限。",
    MessageKind.REFUSED: "诉求 {number} 不予受理，理由和办理渠道见诉求详情。",
    MessageKind.SUPPLEMENT_NEEDED: "诉求 {number} 需要补正材料，清单见诉求详情，补正期间不计时。",
    MessageKind.NEW_TODO: "诉求 {number} 需要您处理。",
    MessageKind.DUE_SOON: "诉求 {number} 的{clock}即将到期，请尽快办理。",
    MessageKind.OVERDUE: "诉求 {number} 的{clock}已超期，请立即办理并说明原因。",
    MessageKind.FEEDBACK_READY: "诉求 {number} 已有办理结果，请查看反馈。",
    MessageKind.EVALUATION_INVITED: "诉求 {number} 已办结，请对办理情况作出评价。",
    MessageKind.WITHDRAWN: "诉求 {number} 已由企业撤回，无需继续办理。",
    MessageKind.RETURNED: "诉求 {number} 的答复被退回，请修改后重新提交。",
    MessageKind.BAD_REVIEW: "诉求 {number} 收到差评，请核实整改。",
    MessageKind.SUPPLEMENT_REMINDER: "诉求 {number} 的补正时间已过半，请尽快补充材料。",
    MessageKind.REVISIT_DUE: "诉求 {number} 的{clock}即将到期，请尽快回访。",
    MessageKind.EVALUATION_REMINDER: "诉求 {number} 尚未评价，您的评价会帮助改进服务。",
    MessageKind.DEFERRAL_REMINDER: "诉求 {number} 承诺后补的材料，时间已过半，请尽快补齐。",
    MessageKind.CALENDAR_MISSING: "{number} 年的放假安排尚未发布，跨年时限都是暂定的，请尽快发布。",
    MessageKind.DEADLINES_DRIFTED: "{number} 件诉求的时限与办理记录不符，请查看任务运行记录。",
    MessageKind.DEADLINE_MOVED: "诉求 {number} 的时限有调整，原因和新的日期见诉求详情。",
    MessageKind.SUPPLEMENT_LAPSED: "诉求 {number} 逾期未补正，视为撤回；可在诉求详情中重新提交。",
    MessageKind.DEFERRAL_SUPPLIED: "诉求 {number} 承诺后补的材料已经补齐，请继续办理。",
    MessageKind.DEFERRAL_FAILED: "诉求 {number} 承诺后补的材料逾期未补齐，已退件，可重新提交。",
    MessageKind.COUNTERSIGN_ASKED: "诉求 {number} 的答复稿需要贵单位会签。",
    MessageKind.CONTACT_DENIED: "诉求 {number} 登记的首次联系，企业表示没有发生，请核实。",
    MessageKind.RETURN_ASKED: "诉求 {number} 有承办单位申请退回，请及时处理。",
    MessageKind.RETURN_RULED: "诉求 {number} 的退回申请已有结论，见诉求详情。",
    MessageKind.CONVENED: "诉求 {number} 将会商确定承办单位，请与召集会商的协调员联系。",
    MessageKind.HOUSEKEEPER_CHANGED: "贵企业的管家有变更，姓名、单位和办公电话见“我的管家”。",
    MessageKind.HANDOVER_TO_SIGN: "有企业将移交给您，请在两个工作日内核对清单并签收。",
    MessageKind.HANDOVER_SIGNED: "交接已经签收，结对和未办结的诉求已转给接收人。",
    MessageKind.HANDOVER_CANCELLED: "交接已经取消，结对维持不变。",
    MessageKind.NUDGE: "诉求 {number} 的{clock}已过半，请留意进度。",
    MessageKind.ORDER_FOR_UNIT: "诉求 {number} 的督办单有变化，请查看要求和期限。",
    MessageKind.ORDER_ANSWERED: "诉求 {number} 的督办单，单位已回复或申请退回，请审核。",
    MessageKind.LETTER_RECEIVED: "贵单位收到提醒函，涉及诉求 {number}，请在期限内书面回复。",
    MessageKind.LETTER_ANSWERED: "涉及诉求 {number} 的提醒函，单位已回复，请查看。",
    MessageKind.SUPERVISION: "诉求 {number} 的{clock}超期多日，已进入督办，请到督办事项查看。",
}


def wording(kind: MessageKind, number: str, clock: str | None) -> tuple[str, str]:
    """Title and body of a message. `clock` is the kind of clock a card is about."""
    name = CLOCK[ClockKind(clock)] if clock else ""
    return TITLES[kind], BODIES[kind].format(number=number, clock=name)
