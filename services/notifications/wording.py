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
    MessageKind.HOUSEKEEPER_CHANGED: "管家变更",
    MessageKind.HANDOVER_TO_SIGN: "待签收交接",
    MessageKind.HANDOVER_SIGNED: "交接已签收",
    MessageKind.HANDOVER_CANCELLED: "交接已取消",
    MessageKind.NUDGE: "时限过半",
    MessageKind.SUPERVISION: "超期督办",
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
    MessageKind.RETURNED: "诉求 {number} 的答复被审批人退回，请修改后重新提交。",
    MessageKind.BAD_REVIEW: "诉求 {number} 收到差评，请核实整改。",
    MessageKind.SUPPLEMENT_REMINDER: "诉求 {number} 的补正时间已过半，请尽快补充材料。",
    MessageKind.REVISIT_DUE: "诉求 {number} 的{clock}即将到期，请尽快回访。",
    MessageKind.EVALUATION_REMINDER: "诉求 {number} 尚未评价，您的评价会帮助改进服务。",
    MessageKind.DEFERRAL_REMINDER: "诉求 {number} 承诺后补的材料，时间已过半，请尽快补齐。",
    MessageKind.HOUSEKEEPER_CHANGED: "贵企业的管家有变更，姓名、单位和办公电话见“我的管家”。",
    MessageKind.HANDOVER_TO_SIGN: "有企业将移交给您，请在两个工作日内核对清单并签收。",
    MessageKind.HANDOVER_SIGNED: "交接已经签收，结对和未办结的诉求已转给接收人。",
    MessageKind.HANDOVER_CANCELLED: "交接已经取消，结对维持不变。",
    MessageKind.NUDGE: "诉求 {number} 的{clock}已过半，请留意进度。",
    MessageKind.SUPERVISION: "诉求 {number} 的{clock}超期多日，已进入督办，请到督办事项查看。",
}


def wording(kind: MessageKind, number: str, clock: str | None) -> tuple[str, str]:
    """Title and body of a message. `clock` is the kind of clock a card is about."""
    name = CLOCK[ClockKind(clock)] if clock else ""
    return TITLES[kind], BODIES[kind].format(number=number, clock=name)
