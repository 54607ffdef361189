"""审计的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Choice, Day, Text, Word, identifier
from app.domain.audit_kinds import AuditKind
from app.models.audit_entry import RESULTS

HASH = {"pattern": "^[0-9a-f]{64}$"}


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class AuditQuery(PageQuery):
    """审计记录的筛选."""

    kind = Choice(AuditKind, load_default=None, metadata=_said("种类"))
    action = Text(1, 60, load_default=None, metadata=_said("动作"))
    account = identifier(
        strict=False,
        load_default=None,
        metadata=_said("操作人的账号编号；也列出以其登录名尝试登录失败的记录"),
    )
    subject = Text(1, 200, load_default=None, metadata=_said("对象，如 ticket:AS20261123-000123"))
    result = Word(RESULTS, load_default=None, metadata=_said("ok 成功，refused 被拒绝"))
    first = Day(load_default=None, data_key="from", metadata=_said("开始日期（含）"))
    end = Day(load_default=None, data_key="to", metadata=_said("结束日期（不含）"))


class AuditEntryItem(Answer):
    """审计记录."""

    id = fields.Integer(metadata=_said("记录编号"))
    at = fields.AwareDateTime(metadata=_said("时间"))
    account_id = fields.Integer(allow_none=True, metadata=_said("操作人的账号编号；系统为空"))
    account_name = fields.String(allow_none=True, metadata=_said("操作人现在的姓名"))
    role = fields.String(metadata=_said("操作时的角色；登录退出时为 account"))
    role_label = fields.String(metadata=_said("角色的中文名"))
    kind = Choice(AuditKind, allow_none=True, metadata=_said("种类"))
    kind_label = fields.String(allow_none=True, metadata=_said("种类的中文名"))
    action = fields.String(metadata=_said("动作"))
    action_label = fields.String(metadata=_said("动作的中文名"))
    subject = fields.String(metadata=_said("对象，种类和编号以冒号隔开"))
    ip = fields.String(allow_none=True, metadata=_said("网络地址"))
    result = Word(RESULTS, metadata=_said("ok 成功，refused 被拒绝"))
    facts = fields.Dict(keys=fields.String(), metadata=_said("要点，不含诉求内容"))
    seal_seq = fields.Integer(allow_none=True, metadata=_said("在审计链中的位置；尚未封存为空"))
    seal_hash = fields.String(allow_none=True, metadata=_said("校验值，十六进制") | HASH)


class AuditSeals(Answer):
    """审计链的状态."""

    first_seq = fields.Integer(metadata=_said("在线记录从链中哪一条开始；之前的已归档"))
    first_hash = fields.String(metadata=_said("该条之前的校验值，十六进制") | HASH)
    last_seq = fields.Integer(metadata=_said("封存到哪一条；没有则为 0"))
    last_hash = fields.String(metadata=_said("该条的校验值，十六进制；抄录留存可防截尾") | HASH)
    sealed_at = fields.AwareDateTime(allow_none=True, metadata=_said("最近一次封存的时间"))
    unsealed_since = fields.AwareDateTime(
        allow_none=True, metadata=_said("尚未封存的记录中最早一条的时间")
    )
    verified_at = fields.AwareDateTime(allow_none=True, metadata=_said("最近一次核对的时间"))
    verified_seq = fields.Integer(allow_none=True, metadata=_said("核对无误到哪一条"))
    broken_seq = fields.Integer(allow_none=True, metadata=_said("核对发现不符的第一条"))
    broken_reason = fields.String(allow_none=True, metadata=_said("如何不符"))


AuditEntryPage = page_schema(AuditEntryItem, "新的在前")
