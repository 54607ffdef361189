"""审计的种类: every action that the audit knows, of which kind it is, and its name for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.labels import ACTION as TICKET_ACTION
from app.domain.supervision_flow import DEED_LABELS


class AuditKind(StrEnum):
    """审计种类."""

    LOG_IN = "log_in"
    GRANT = "grant"
    PERSONAL_DATA = "personal_data"
    EXPORT = "export"
    CONFIGURATION = "configuration"
    REGISTER = "register"
    TICKET = "ticket"
    MESSAGE = "message"
    RETENTION = "retention"


KIND: Mapping[AuditKind, str] = {
    AuditKind.LOG_IN: "登录与退出",
    AuditKind.GRANT: "账号与授权",
    AuditKind.PERSONAL_DATA: "查看与处理个人信息",
    AuditKind.EXPORT: "导出",
    AuditKind.CONFIGURATION: "配置变更",
    AuditKind.REGISTER: "企业登记",
    AuditKind.TICKET: "诉求办理",
    AuditKind.MESSAGE: "消息投递",
    AuditKind.RETENTION: "保存与销毁",
}


@dataclass(frozen=True, slots=True)
class AuditAction:
    """An action of the audit."""

    kind: AuditKind
    label: str


LABELS: Mapping[AuditKind, Mapping[str, str]] = {
    AuditKind.TICKET: {action.value: label for action, label in TICKET_ACTION.items()}
    | {"rule_content": "审核企业提交的内容", "appeal_content": "就内容审核申诉"}
    | {"inspect_ticket": "说明理由并调阅诉求", "take_case_file": "取得案卷"}
    | {f"order_{deed}": f"督办单：{label}" for deed, label in DEED_LABELS.items()}
    | {
        "explain_card": "说明亮牌原因",
        "appeal_card": "申诉亮牌",
        "rule_card": "裁定亮牌申诉",
        "write_letter": "起草提醒函",
        "send_letter": "发出提醒函",
        "reply_to_letter": "回复提醒函",
        "close_letter": "办结提醒函",
        "record_follow_up": "登记跟踪回访",
        "skip_follow_up": "略过跟踪回访",
    },
    AuditKind.LOG_IN: {
        "log_in": "口令登录",
        "log_in_by_wechat": "微信登录",
        "log_out": "退出登录",
        "reauthenticate": "再次验证身份",
        "change_password": "修改本人密码",
        "turn_on_second_factor": "启用第二因素",
        "turn_off_second_factor": "停用第二因素",
        "renew_recovery_codes": "更换恢复码",
        "reset_second_factor": "重置他人的第二因素",
        "end_sessions": "结束会话",
        "bind_wechat": "绑定微信",
        "end_wechat_binding": "解除微信绑定",
        "bind_wecom": "绑定企业微信",
        "end_wecom_binding": "解除企业微信绑定",
        "match_roster": "按名册更新身份",
    },
    AuditKind.GRANT: {
        "open_account": "开设账号",
        "rename_account": "更正账号姓名",
        "set_account_phone": "登记账号手机号",
        "set_password": "重设密码",
        "disable_account": "停用账号",
        "enable_account": "启用账号",
        "grant_role": "授予角色",
        "end_role": "结束角色",
        "move_account": "调动",
        "delegate": "委托代理",
        "end_delegation": "结束代理",
        "invite_member": "邀请企业同事",
        "revoke_invitation": "撤回邀请",
        "accept_invitation": "接受邀请",
        "decide_membership": "审核企业身份",
        "remove_member": "移除企业同事",
    },
    AuditKind.PERSONAL_DATA: {
        "request_data": "提出个人信息请求",
        "answer_data_request": "答复个人信息请求",
        "export_own_data": "取得本人信息副本",
        "close_account": "注销账号",
        "reveal_enterprise": "查看企业联系方式",
        "reveal_housekeeper": "查看管家手机号",
        "reveal_ticket": "查看诉求联系人",
        "reveal_phone_task": "查看电话任务的号码",
    },
    AuditKind.EXPORT: {
        "request_export": "申请导出",
        "approve_export": "同意导出",
        "refuse_export": "不同意导出",
        "make_export": "生成导出文件",
        "download_export": "下载导出文件",
    },
    AuditKind.REGISTER: {
        "import_register": "导入登记",
        "rollback_import": "撤回导入",
        "settle_register_conflict": "裁定登记冲突",
        "add_enterprise": "登记企业",
        "state_credit": "登记失信记录",
        "change_enterprise": "更正企业",
        "close_enterprise": "企业注销",
        "state_visit_wish": "企业走访意愿",
        "propose_pairing": "提出结对",
        "confirm_pairing": "确认结对",
        "activate_pairing": "启用结对",
        "decline_pairing": "不予确认结对",
        "end_pairing": "结束结对",
        "propose_pairings": "自动提出结对",
        "record_recusal": "登记回避",
        "lift_recusal": "解除回避",
        "open_handover": "发起交接",
        "sign_handover": "签收交接",
        "cancel_handover": "取消交接",
        "request_housekeeper_change": "请求更换管家",
        "settle_housekeeper_change": "答复更换管家的请求",
        "set_pairing_limit": "设定结对上限",
    },
    AuditKind.CONFIGURATION: {
        "add_organisation": "增加单位",
        "change_organisation": "更改单位",
        "add_dispatch_template": "添加派单模板",
        "change_dispatch_template": "更改派单模板",
        "confirm_organisation": "确认单位",
        "close_organisation": "撤销单位",
        "add_zone": "增加管理区",
        "publish_work_calendar": "发布工作日历",
        "set_sla_policy": "设定时限标准",
        "set_wechat_secret": "更换小程序密钥",
        "set_flow_rule": "设定流转规则",
        "set_rung_recipients": "设定提醒对象",
        "run_job": "要求立即运行定时任务",
        "pause_job": "暂停定时任务",
        "resume_job": "恢复定时任务",
    },
    AuditKind.MESSAGE: {
        "resend_delivery": "重发消息",
        "settle_service_message": "处理客服消息",
        "retry_push": "重新办理微信推送",
        "take_phone_task": "领取电话任务",
        "record_call": "登记通话结果",
    },
    AuditKind.RETENTION: {
        "delete_expired": "到期销毁",
        "delete_ticket": "诉求到期销毁",
        "erase_purged": "销毁已清除的文件内容",
        "archive_audit": "审计记录归档",
        "place_legal_hold": "设定保全",
        "lift_legal_hold": "解除保全",
    },
}
"""The actions of each kind and their names."""

ACTIONS: Mapping[str, AuditAction] = MappingProxyType(
    {
        action: AuditAction(kind, label)
        for kind, labels in LABELS.items()
        for action, label in labels.items()
    }
)


def label_of(action: str) -> str:
    """The name of an action for people; of one that this version does not know, the action."""
    known = ACTIONS.get(action)
    return known.label if known else action


def kind_of(action: str) -> AuditKind | None:
    """The kind of an action; None of one that this version does not know."""
    known = ACTIONS.get(action)
    return known.kind if known else None


def actions_of(kind: AuditKind) -> list[str]:
    """The actions of a kind, in alphabetical order."""
    return sorted(action for action, known in ACTIONS.items() if known.kind is kind)
