"""未送达消息的字段."""

from enum import StrEnum

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import NUMBER, Answer, Choice
from app.domain.delivery import Channel, DeliveryState, Reason
from app.domain.message_kinds import MessageKind


class OpenState(StrEnum):
    """可由人员处理的投递状态."""

    FAILED = DeliveryState.FAILED.value
    UNKNOWN = DeliveryState.UNKNOWN.value


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class DeliveryQuery(PageQuery):
    """未送达消息的筛选."""

    state = Choice(
        OpenState,
        load_default=None,
        metadata=_said("failed 未送达，unknown 结果不明；不带则两者都列"),
    )


class DeliveryItem(Answer):
    """一条手机消息的投递."""

    id = fields.Integer(metadata=_said("投递编号"))
    ticket_number = fields.String(metadata=_said("所涉诉求的编号") | {"pattern": NUMBER})
    kind = Choice(MessageKind, metadata=_said("消息种类"))
    title = fields.String(metadata=_said("消息标题"))
    recipient = fields.String(metadata=_said("接收人"))
    state = Choice(DeliveryState, metadata=_said("投递状态"))
    state_label = fields.String(metadata=_said("投递状态的中文名"))
    reason = Choice(Reason, allow_none=True, metadata=_said("原因代码"))
    reason_label = fields.String(allow_none=True, metadata=_said("原因的中文说明"))
    channel = Choice(Channel, metadata=_said("投递渠道"))
    channel_label = fields.String(metadata=_said("投递渠道的中文名"))
    left_wecom = Choice(
        Reason, allow_none=True, metadata=_said("企业微信未能送达、改由小程序发送的原因代码")
    )
    attempts = fields.Integer(metadata=_said("尝试次数"))
    created_at = fields.AwareDateTime(metadata=_said("消息产生的时间"))
    send_at = fields.AwareDateTime(metadata=_said("最近一次应发送的时间"))


DeliveryPage = page_schema(DeliveryItem, "新的在前")
