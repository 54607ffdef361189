"""订阅消息的字段."""

from typing import Any

from marshmallow import fields, post_load

from app.api.schemas.fields import Answer, Choice, Listed, Part, Strict, Text
from app.domain.consents import AT_ONCE, ConsentAnswer
from app.domain.phone_forms import Template
from services.notifications.consents import PopupAnswer


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class PopupAnswerBody(Strict):
    """对一个模板的回答."""

    template_id = Text(1, 100, required=True, metadata=_said("模板编号"))
    result = Choice(
        ConsentAnswer,
        required=True,
        metadata=_said("wx.requestSubscribeMessage 对该模板返回的结果"),
    )

    @post_load
    def make_answer(self, loaded: dict[str, Any], **_: Any) -> PopupAnswer:
        return PopupAnswer(**loaded)


class PopupBody(Strict):
    """一次订阅弹窗的回答."""

    answers = Listed(
        Part(PopupAnswerBody), 1, AT_ONCE, required=True, metadata=_said("各模板的回答")
    )
    asked_id = Text(
        8,
        64,
        pattern="[!-~]{8,64}",
        metadata=_said("客户端为这次弹窗生成的唯一编号；同一编号重复上报只计一次"),
    )


class SubscriptionItem(Answer):
    """一个与本人有关的消息模板."""

    template = Choice(Template, metadata=_said("模板名称"))
    template_id = fields.String(metadata=_said("模板编号"))
    is_long_term = fields.Boolean(metadata=_said("是否长期订阅模板"))
    remaining = fields.Integer(metadata=_said("还可接收几条一次性消息，按系统记录"))
    is_standing = fields.Boolean(metadata=_said("是否已同意长期接收"))
    answer = Choice(ConsentAnswer, allow_none=True, metadata=_said("最近一次的回答"))
    answered_at = fields.AwareDateTime(allow_none=True, metadata=_said("何时回答"))
    ask = fields.Boolean(metadata=_said("现在是否应当询问"))
    reason = fields.String(metadata=_said("为什么询问，或为什么不问"))


class SubscriptionList(Answer):
    """与本人有关的消息模板，最需要的在前."""

    is_bound = fields.Boolean(metadata=_said("是否已绑定微信；未绑定时不询问"))
    items = fields.List(fields.Nested(SubscriptionItem), metadata=_said("模板"))
    ask_now = fields.List(
        fields.String(),
        metadata=_said("可直接交给 wx.requestSubscribeMessage 的模板编号：同一类型，最多 5 个"),
    )
