"""个人信息处理告知, put together from what the product does: what is kept, and for how long.

Source: the personal information protection law, articles 17 and 35.
"""

from dataclasses import dataclass
from datetime import timedelta

from app.domain.retention import Terms
from services.expiry.table import RETENTION

PURPOSES = (
    "受理、办理、回访和评价企业诉求，联系企业和经办人员",
    "维护企业登记和管家结对",
    "保障账号安全，留存法律要求的日志",
)
KINDS = (
    "企业联系人的姓名、职务、手机号",
    "管家和工作人员的姓名、单位、职务、电话",
    "微信标识（openid），用于登录和发送消息",
    "登录时间、网络地址和操作记录",
    "企业提交的文字和图片：文字隐去个人信息后，与图片、微信标识一并送微信审核；保密诉求不送",
)
RIGHTS = (
    "查阅、复制：在“个人信息请求”中索取副本，15 个工作日内答复",
    "更正、补充：在“个人信息请求”中提出，或向报送单位更正登记",
    "删除、注销：企业用户可自行注销，其他人员提出删除请求；依法暂不能删除的只存储并说明理由",
)
BASIS = (
    "为履行法定职责所必需，不需取得同意（个人信息保护法第十三条、第三十四条）；信息存储在境内，"
    "不收集位置轨迹和人脸"
)
SECRETS = (
    "请勿在诉求和附件中提交国家秘密、商业秘密；确需提供的，请先联系管家或服务中心，改由线下办理。"
)
"""Shown before a request is written."""

WHILE_NEEDED = "企业登记、账号和登记来源"


@dataclass(frozen=True, slots=True)
class Term:
    """How long something is kept. `days`: None while it is needed."""

    what: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice as it is shown."""

    controller: str
    basis: str
    purposes: list[str]
    kinds: list[str]
    retention: list[Term]
    rights: list[str]
    secrets: str


def notice(controller: str, terms: Terms, audit_kept: timedelta) -> Notice:
    """The notice of the authority `controller`, which keeps its audit on line for `audit_kept`."""
    kept = [Term(one.what, one.kept_for(terms).days) for one in RETENTION if one.what]
    kept += [Term("审计日志（在线）", audit_kept.days), Term(WHILE_NEEDED, None)]
    return Notice(controller, BASIS, list(PURPOSES), list(KINDS), kept, list(RIGHTS), SECRETS)
