"""消息模板一览和预览的字段."""

from marshmallow import fields

from app.api.schemas.fields import NUMBER, Answer, Choice, Strict, Text, Word
from app.domain.audience import Audience
from app.domain.fallbacks import TextForm
from app.domain.field_types import FieldType
from app.domain.message_kinds import MessageKind
from app.domain.phone_forms import Source, Template
from app.models.subscription import TEMPLATE_STATES


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class TemplateAudience(Answer):
    """一类收件人."""

    audience = Choice(Audience, metadata=_said("听众"))
    label = fields.String(metadata=_said("听众的中文名"))


class TemplateField(Answer):
    """模板的一个字段."""

    label = fields.String(metadata=_said("字段在模板中的名称"))
    type = Choice(FieldType, metadata=_said("平台的字段类型，决定可以填什么"))
    longest = fields.Integer(metadata=_said("最多多少个字（UTF-16 单位），如 thing 为 20"))
    is_shortened = fields.Boolean(metadata=_said("过长时截短并加省略号；否则不能填"))
    source = Choice(Source, metadata=_said("填什么：编号、时间、期限、事项或提示"))


class TextFallback(Answer):
    """微信没有送到时怎么办."""

    text_form = Choice(TextForm, metadata=_said("改用的短信模板"))
    text_words = fields.String(metadata=_said("短信的文字，{1} 处填诉求编号，{2} 处填链接"))
    patience_minutes = fields.Integer(metadata=_said("等微信多少分钟"))
    goes_on_when_unknown = fields.Boolean(
        metadata=_said("不知微信是否送到时：true 仍改用短信，宁可两次；false 不再发")
    )
    audiences = fields.List(fields.Nested(TemplateAudience), metadata=_said("只对这些收件人"))


class AccountTemplateState(Answer):
    """小程序账号中的模板."""

    state = Word(
        TEMPLATE_STATES,
        metadata=_said("usable 可用，missing 没有，mismatched 字段不符，stopped 已停用"),
    )
    template_id = fields.String(allow_none=True, metadata=_said("平台的模板编号；没有则为空"))
    is_long_term = fields.Boolean(metadata=_said("是否长期订阅"))
    reason = fields.String(allow_none=True, metadata=_said("为什么不能用；可用则为空"))
    mismatches = fields.List(fields.String(), metadata=_said("与我们填写的字段不符之处，逐项"))
    synced_at = fields.AwareDateTime(metadata=_said("最近一次与平台核对的时间"))


class MessageTemplateItem(Answer):
    """一种上手机的消息."""

    kind = Choice(MessageKind, metadata=_said("消息种类"))
    label = fields.String(metadata=_said("站内的标题"))
    wording = fields.String(metadata=_said("站内的正文，花括号处填编号和时限名"))
    template = Choice(Template, metadata=_said("所用模板的标题"))
    hint = fields.String(metadata=_said("模板中的温馨提示"))
    filled = fields.List(
        fields.Nested(TemplateField), data_key="fields", metadata=_said("模板的字段")
    )
    page = fields.String(metadata=_said("点开后的小程序页面"))
    rank = fields.Integer(metadata=_said("重要程度，大的先发"))
    useful_minutes = fields.Integer(
        allow_none=True, metadata=_said("可发出后多少分钟内有用；空则到时限届满为止")
    )
    ignores_quiet_hours = fields.Boolean(
        metadata=_said("对企业：是对其本人操作的答复，免打扰时段也发")
    )
    audiences = fields.List(fields.Nested(TemplateAudience), metadata=_said("发给谁"))
    fallback = fields.Nested(
        TextFallback, allow_none=True, metadata=_said("微信没有送到时怎么办；空则只在站内")
    )
    urgent_fallback = fields.Nested(
        TextFallback, allow_none=True, metadata=_said("紧急诉求另有的安排；没有则为空")
    )
    account = fields.Nested(
        AccountTemplateState,
        allow_none=True,
        metadata=_said("小程序账号中的模板；从未核对过则为空"),
    )


class MessageTemplateList(Answer):
    """全部上手机的消息."""

    items = fields.List(fields.Nested(MessageTemplateItem), metadata=_said("重要的在前"))


class PreviewBody(Strict):
    """预览哪一件."""

    ticket_number = Text(
        1, 30, pattern=NUMBER[1:-1], metadata=_said("诉求编号，须是您看得到的；不带则用示例")
    )
    audience = Choice(Audience, metadata=_said("发给谁；不带则取这种消息的第一类收件人"))


class PreviewField(Answer):
    """填好的一个字段."""

    label = fields.String(metadata=_said("字段名称"))
    key = fields.String(allow_none=True, metadata=_said("账号模板中的键；账号没有模板则为空"))
    text = fields.String(metadata=_said("填入的文字，已按类型截短"))


class MessagePreview(Answer):
    """现在发出会是什么样."""

    kind = Choice(MessageKind, metadata=_said("消息种类"))
    audience = Choice(Audience, metadata=_said("发给谁"))
    audience_label = fields.String(metadata=_said("听众的中文名"))
    ticket_number = fields.String(metadata=_said("诉求编号") | {"pattern": NUMBER})
    title = fields.String(metadata=_said("站内标题"))
    body = fields.String(metadata=_said("站内正文"))
    template = Choice(Template, metadata=_said("手机上的模板"))
    filled = fields.List(
        fields.Nested(PreviewField), data_key="fields", metadata=_said("手机上的字段")
    )
    page = fields.String(metadata=_said("点开后的小程序页面"))
    send_at = fields.AwareDateTime(metadata=_said("何时可以发出"))
    expires_at = fields.AwareDateTime(metadata=_said("何时起不再有用，不再发出"))
    is_held = fields.Boolean(metadata=_said("是否因免打扰而等到上班"))
    text = fields.String(allow_none=True, metadata=_said("改用短信时的文字；不改用则为空"))
    text_from = fields.AwareDateTime(allow_none=True, metadata=_said("最早何时改用短信"))
