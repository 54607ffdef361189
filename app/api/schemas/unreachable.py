"""通知不到的人的字段."""

from marshmallow import fields

from app.api.paging import page_schema
from app.api.schemas.fields import NUMBER, Answer, Choice
from app.domain.actor import Role
from app.domain.message_kinds import MessageKind
from app.domain.phone_forms import Template
from app.domain.reach import DueMatter, Hindrance


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class UnreachableReason(Answer):
    """一个原因和办法."""

    reason = Choice(Hindrance, metadata=_said("为什么通知不到"))
    label = fields.String(metadata=_said("原因的中文名"))
    advice = fields.String(metadata=_said("可以怎么办"))


class UnreachableItem(Answer):
    """一个人和一件即将到期的事."""

    ticket_number = fields.String(
        allow_none=True, metadata=_said("所涉诉求；年度联系没有诉求则为空") | {"pattern": NUMBER}
    )
    enterprise_name = fields.String(metadata=_said("企业名称"))
    matter = Choice(DueMatter, metadata=_said("什么到期"))
    matter_label = fields.String(metadata=_said("到期事项的中文名"))
    due_at = fields.AwareDateTime(metadata=_said("何时到期；回访和会议为当日零时"))
    kind = Choice(MessageKind, metadata=_said("届时要发的消息"))
    kind_label = fields.String(metadata=_said("消息的标题"))
    template = Choice(
        Template, allow_none=True, metadata=_said("所需的手机模板；只在站内的消息为空")
    )
    recipient = fields.String(metadata=_said("通知不到的人，已脱敏"))
    recipient_role = Choice(Role, metadata=_said("此人的角色"))
    recipient_role_label = fields.String(metadata=_said("角色名称"))
    reasons = fields.List(fields.Nested(UnreachableReason), metadata=_said("原因，至少一个"))


UnreachablePage = page_schema(UnreachableItem, "先到期的在前")
