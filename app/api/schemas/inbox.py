"""站内消息的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import NUMBER, Answer, Choice, Flag, identifier
from app.domain.message_kinds import MessageKind


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class MessageQuery(PageQuery):
    """站内消息的筛选."""

    unread = Flag(strict=False, load_default=False, metadata=_said("只看未读"))
    digest = identifier(
        strict=False,
        load_default=None,
        metadata=_said("只看这一条待办汇总（消息编号）所合并的消息"),
    )


class MessageItem(Answer):
    """一条站内消息."""

    id = fields.Integer(metadata=_said("消息编号"))
    kind = Choice(MessageKind, metadata=_said("种类"))
    title = fields.String(metadata=_said("标题"))
    body = fields.String(metadata=_said("内容"))
    ticket_number = fields.String(
        allow_none=True,
        metadata=_said("所涉诉求的编号；与诉求无关的消息为空") | {"pattern": NUMBER},
    )
    created_at = fields.AwareDateTime(metadata=_said("时间"))
    read_at = fields.AwareDateTime(allow_none=True, metadata=_said("阅读时间；未读为空"))
    stands_for = fields.List(
        fields.Integer(),
        metadata=_said("待办汇总所合并的消息的编号，要紧的在前；其他消息为空列表"),
    )


MessagePage = page_schema(MessageItem, "新的在前")


class UnreadCount(Answer):
    """未读数，最多数到 99."""

    count = fields.Integer(metadata=_said("未读条数，最多 99"))
    is_capped = fields.Boolean(metadata=_said("是否多于 99 条，应显示为 99+"))
