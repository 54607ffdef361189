"""推送、草稿和客服消息的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Flag, Strict, Text, Word
from app.models.push import PUSH_STATES
from app.models.ticket_draft import DRAFT_STATES


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class DraftItem(Answer):
    """诉求草稿."""

    id = fields.Integer(metadata=_said("草稿编号"))
    body = fields.String(metadata=_said("发给客服的内容；图片等以“［图片］”代替，请在提交时补传"))
    messages = fields.Integer(metadata=_said("由几条消息合成"))
    first_at = fields.AwareDateTime(metadata=_said("第一条消息的时间"))
    last_at = fields.AwareDateTime(metadata=_said("最近一条消息的时间"))


DraftPage = page_schema(DraftItem, "新的在前")


class ServiceMessageQuery(PageQuery):
    """客服消息的筛选."""

    is_open = Flag(
        strict=False, load_default=True, metadata=_said("true 待处理的（缺省），false 已处理的")
    )


class ServiceMessageNote(Strict):
    """对客服消息的处理."""

    note = Text(2, 500, required=True, metadata=_said("处理情况，如已代为提交的诉求编号"))


class ServiceMessageItem(DraftItem):
    """客服消息."""

    id = fields.Integer(metadata=_said("客服消息编号"))
    body = fields.String(metadata=_said("发给客服的内容；图片等以“［图片］”代替"))
    state = Word(DRAFT_STATES, metadata=_said("open 待处理，closed 已处理"))
    note = fields.String(allow_none=True, metadata=_said("处理情况"))
    settled_at = fields.AwareDateTime(allow_none=True, metadata=_said("处理时间"))


ServiceMessagePage = page_schema(ServiceMessageItem, "等得最久的在前")


class PushItem(Answer):
    """没有办成的微信推送."""

    id = fields.Integer(metadata=_said("推送编号"))
    event = fields.String(metadata=_said("事件，如 subscribe_msg_popup_event"))
    state = Word(PUSH_STATES, metadata=_said("waiting 稍后自动再办，failed 已放弃"))
    tries = fields.Integer(metadata=_said("已办几次"))
    fault = fields.String(allow_none=True, metadata=_said("最近一次的故障"))
    received_at = fields.AwareDateTime(metadata=_said("收到的时间"))


PushPage = page_schema(PushItem, "新的在前")
