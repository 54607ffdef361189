"""状态、步骤、动作等的中文名: the only place where states have names for people."""

from collections.abc import Mapping

from app.domain.actor import Role
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind, Light
from app.domain.vocabulary import (
    AssignmentState,
    Channel,
    Kind,
    MatterKind,
    MatterOutcome,
    RefusalGround,
    ResultCode,
    ReturnGround,
    RevisitOutcome,
    Status,
    Step,
    SuspensionGround,
    TicketClass,
    Tier,
    UnitRole,
    UnreasonableGround,
)

STATUS: Mapping[Status, str] = {
    Status.SUBMITTED: "待受理",
    Status.SUPPLEMENTING: "待补正",
    Status.ACCEPTED: "已受理",
    Status.COORDINATING: "协调中",
    Status.HANDLING: "办理中",
    Status.FEEDBACK: "已反馈",
    Status.REVISITING: "回访中",
    Status.EVALUATING: "待评价",
    Status.ARCHIVED: "已归档",
    Status.SUSPENDED: "已挂起",
    Status.REFUSED: "不予受理",
    Status.WITHDRAWN: "已撤回",
    Status.MERGED: "已并案",
}

STEP: Mapping[Step, str] = {
    Step.ACCEPT: "受理",
    Step.COORDINATE: "协调",
    Step.HANDLE: "办理",
    Step.FEEDBACK: "反馈",
    Step.REVISIT: "回访",
    Step.EVALUATE: "评价",
}

ACTION: Mapping[Act, str] = {
    Act.SUBMIT: "提交",
    Act.FIRST_CONTACT: "首次联系",
    Act.CONFIRM_CONTACT: "确认首次联系",
    Act.ACCEPT: "受理",
    Act.PROPOSE_REFUSAL: "提出不予受理",
    Act.RULE_REFUSAL: "审批不予受理",
    Act.REQUEST_SUPPLEMENT: "要求补正",
    Act.SUPPLY: "补正",
    Act.LAPSE_SUPPLEMENT: "逾期未补正",
    Act.WITHDRAW: "撤回",
    Act.URGE: "催办",
    Act.COMMENT: "留言",
    Act.SUPPLY_DEFERRED: "补齐容缺材料",
    Act.FAIL_DEFERRAL: "容缺未补齐退件",
    Act.TRANSFER_OUT: "转出",
    Act.DISPATCH: "派单",
    Act.REQUEST_RETURN: "申请退回",
    Act.CONSENT_RETURN: "审批退回申请",
    Act.RULE_RETURN: "裁定退回",
    Act.CONVENE: "召集会商",
    Act.CONCLUDE_CONSULTATION: "会商结论",
    Act.ESCALATE: "提级",
    Act.CONVENE_JOINT_MEETING: "召集联席会议",
    Act.CONCLUDE_JOINT_MEETING: "联席会议结论",
    Act.COMPLETE_MEETING_TASK: "完成会议任务",
    Act.TRACK_OPEN: "挂账跟踪",
    Act.REVIEW_TRACKING: "挂账复核",
    Act.END_TRACKING: "结束挂账",
    Act.SIGN_FOR: "签收",
    Act.GIVE_OPINION: "协办意见",
    Act.REPLY: "起草答复",
    Act.COUNTERSIGN: "会签",
    Act.RULE_REPLY: "审批答复",
    Act.REQUEST_EXTENSION: "申请延期",
    Act.CONSENT_EXTENSION: "同意申请延期",
    Act.RULE_EXTENSION: "审批延期",
    Act.REQUEST_SUSPENSION: "申请挂起",
    Act.RULE_SUSPENSION: "审批挂起",
    Act.RESUME: "恢复办理",
    Act.REPORT_PROGRESS: "阶段反馈",
    Act.PROPOSE_UNREASONABLE: "提出不合理诉求",
    Act.RULE_UNREASONABLE: "认定不合理诉求",
    Act.RECORD_PRESSURE_CHECK: "撤回核查",
    Act.ANSWER_DIRECTLY: "直接答复",
    Act.RECEIVE_FEEDBACK: "反馈送达",
    Act.RECORD_REVISIT: "回访",
    Act.OBJECT: "提出异议",
    Act.ORDER_REWORK: "责令重办",
    Act.EVALUATE: "评价",
    Act.RECORD_REVIEW_CONTACT: "差评联系",
    Act.VERIFY_REVIEW: "核查差评",
    Act.RULE_SET_ASIDE: "裁定不予采信",
    Act.MERGE: "并案",
    Act.UNMERGE: "撤销并案",
    Act.FOLLOW_PARENT: "随主件并案",
    Act.FORWARD_ANSWER: "主件答复",
    Act.ARCHIVE: "归档",
    Act.RETARGET: "重定时限",
    Act.CLOSE: "督导结案",
    Act.REMIND: "提醒",
    Act.REMIND_OF_DAY: "到日提醒",
    Act.HAND_OVER: "移交管家",
    Act.ISSUE_CARD: "亮牌",
    Act.REQUEST_PURGE: "申请涉密清除",
    Act.RULE_PURGE: "裁定涉密清除",
}

TICKET_CLASS: Mapping[TicketClass, str] = {
    TicketClass.CONSULT: "咨询",
    TicketClass.URGENT: "紧急",
    TicketClass.NORMAL: "一般",
    TicketClass.COMPLEX: "复杂",
    TicketClass.HARD: "疑难",
    TicketClass.ARREARS: "拖欠账款",
    TicketClass.APPROVAL: "审批事项",
}

KIND: Mapping[Kind, str] = {
    Kind.CONSULTATION: "咨询",
    Kind.REQUEST: "求助",
    Kind.COMPLAINT: "投诉",
    Kind.SUGGESTION: "建议",
}

CHANNEL: Mapping[Channel, str] = {
    Channel.MINI_PROGRAM: "小程序",
    Channel.HOTLINE: "热线",
    Channel.WALK_IN: "窗口",
    Channel.VISIT: "走访",
    Channel.REFERRAL_12345: "12345 转办",
    Channel.WHISTLE: "企业吹哨",
    Channel.LEADER_MEETING: "领导见面会",
}

RESULT: Mapping[ResultCode, str] = {
    ResultCode.SOLVED: "已解决",
    ResultCode.PARTLY: "部分解决",
    ResultCode.EXPLAINED: "解释说明",
    ResultCode.TRACKED_OPEN: "挂账跟踪",
}

REFUSAL_GROUND: Mapping[RefusalGround, str] = {
    RefusalGround.OTHER_PROCEDURE: "已进入或应通过诉讼、仲裁、纪检、复议、信访等程序",
    RefusalGround.NOT_THIS_AREA: "不属于本地区职责",
    RefusalGround.SECRET: "涉及国家秘密",
    RefusalGround.NO_CONTENT: "没有实质内容",
    RefusalGround.UNLAWFUL: "违反法律法规",
    RefusalGround.REPEATED: "同一事实已规范办结且无新理由",
}

SUSPENSION_GROUND: Mapping[SuspensionGround, str] = {
    SuspensionGround.ENTERPRISE: "与企业商定等待企业",
    SuspensionGround.COURT_OR_HIGHER: "等待法院或上级机关",
    SuspensionGround.EXPERT_REVIEW: "专家评审",
    SuspensionGround.TESTING: "检验检测",
}

UNREASONABLE_GROUND: Mapping[UnreasonableGround, str] = {
    UnreasonableGround.NO_LEGAL_BASIS: "没有法律法规或政策依据",
    UnreasonableGround.NOT_FACTUAL: "与事实不符",
}

TIER: Mapping[Tier, str] = {
    Tier.DESK: "专班协调",
    Tier.CONSULTATION: "中心主任会商",
    Tier.JOINT_MEETING: "联席会议",
}

UNIT_ROLE: Mapping[UnitRole, str] = {UnitRole.LEAD: "主办", UnitRole.CO: "协办"}

ASSIGNMENT: Mapping[AssignmentState, str] = {
    AssignmentState.DISPATCHED: "待签收",
    AssignmentState.SIGNED: "办理中",
    AssignmentState.REPLIED: "待审批",
    AssignmentState.DONE: "已办结",
    AssignmentState.CANCELLED: "已取消",
    AssignmentState.RETURNED: "已退回",
}

RETURN_GROUND: Mapping[ReturnGround, str] = {
    ReturnGround.NOT_OUR_DUTY: "不属于本单位职责",
    ReturnGround.NOT_OUR_AREA: "不属于本单位管辖区域",
    ReturnGround.OTHER_LEADS: "应由其他单位主办",
    ReturnGround.ALREADY_HANDLED: "其他单位正在办理同一事项",
}

MATTER: Mapping[MatterKind, str] = {
    MatterKind.RETURN: "退回",
    MatterKind.CONSULTATION: "会商",
    MatterKind.JOINT_MEETING: "联席会议",
    MatterKind.MEETING_TASK: "会议任务",
    MatterKind.EXTENSION: "延期",
    MatterKind.SUSPENSION: "挂起",
    MatterKind.DEFERRAL: "容缺受理",
    MatterKind.UNREASONABLE: "不合理诉求",
    MatterKind.RECTIFICATION: "整改",
    MatterKind.SET_ASIDE: "差评不予采信",
    MatterKind.TRACKING: "挂账跟踪",
    MatterKind.PURGE: "涉密清除",
}

PURGED_NAME = "（已清除）"
"""What a file is called once its content and its name are gone."""

MATTER_OUTCOME: Mapping[MatterOutcome, str] = {
    MatterOutcome.GRANTED: "同意",
    MatterOutcome.REJECTED: "不同意",
    MatterOutcome.DONE: "已完成",
    MatterOutcome.LAPSED: "已失效",
}

REVISIT: Mapping[RevisitOutcome, str] = {
    RevisitOutcome.SOLVED: "已解决",
    RevisitOutcome.UNSOLVED: "未解决",
    RevisitOutcome.UNREACHED: "未联系上",
}

LIGHT: Mapping[Light, str] = {
    Light.GREEN: "绿灯",
    Light.YELLOW: "黄牌",
    Light.RED: "红牌",
    Light.PAUSED: "暂停计时",
}

CLOCK: Mapping[ClockKind, str] = {
    ClockKind.FIRST_CONTACT: "首次联系时限",
    ClockKind.ACCEPT: "受理时限",
    ClockKind.SUPPLEMENT: "补正时限",
    ClockKind.FINISH: "办结时限",
    ClockKind.ASSIGNMENT: "主办单位时限",
    ClockKind.OPINION: "协办意见时限",
    ClockKind.REVISIT: "回访时限",
    ClockKind.EVALUATION: "评价期限",
    ClockKind.OBJECTION: "异议期限",
    ClockKind.STAGE_REPORT: "阶段反馈时限",
    ClockKind.RULING: "退回裁定时限",
    ClockKind.DEFERRAL: "容缺补齐期限",
    ClockKind.SUSPENSION: "挂起复核期限",
    ClockKind.RECTIFICATION: "整改时限",
    ClockKind.REVIEW_CONTACT: "差评联系时限",
    ClockKind.URGE: "再次催办的间隔",
    ClockKind.TRANSFER: "拖欠账款转送时限",
}

ROLE: Mapping[Role, str] = {
    Role.ENTERPRISE_ADMIN: "企业管理员",
    Role.ENTERPRISE_STAFF: "企业用户",
    Role.HOUSEKEEPER: "管家",
    Role.DEPUTY_HOUSEKEEPER: "副管家",
    Role.OPERATOR: "座席",
    Role.COORDINATOR: "协调员",
    Role.HANDLER: "承办单位经办",
    Role.UNIT_APPROVER: "承办单位审批人",
    Role.CO_HANDLER: "协办单位经办",
    Role.SUPERVISOR: "督导",
    Role.REVISITOR: "回访员",
    Role.LAY_SUPERVISOR: "特约监督员",
    Role.REGISTER_OFFICER: "登记报送员",
    Role.SYS_ADMIN: "系统管理员",
    Role.SEC_ADMIN: "安全管理员",
    Role.AUDITOR: "审计管理员",
    Role.SYSTEM: "系统",
}
