"""提醒对象的字段."""

from typing import Any

from marshmallow import fields, post_load

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Choice, Day, Listed, Part, Strict, Text
from app.domain.audience import Audience, Channel
from app.domain.rung_recipients import Key, Recipient
from app.domain.sla_clock import ClockKind, Rung
from app.domain.vocabulary import TicketClass
from services.promises.recipients import NewRecipients

_CHANNELS = "渠道：仅站内消息，另发手机消息，手机消息送不到的再发短信"


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class RecipientsQuery(PageQuery):
    """提醒对象的筛选."""

    rung = Choice(Rung, load_default=None, metadata=_said("只列这一级，连同已经失效的"))


class RecipientBody(Strict):
    """一个提醒对象."""

    audience = Choice(Audience, required=True, metadata=_said("对象"))
    channel = Choice(Channel, required=True, metadata=_said(_CHANNELS))

    @post_load
    def _as_recipient(self, loaded: dict[str, Any], **_: Any) -> Recipient:
        return Recipient(**loaded)


class RecipientsBody(Strict):
    """一级提醒的新对象."""

    rung = Choice(Rung, required=True, metadata=_said("哪一级"))
    clock = Choice(
        ClockKind,
        load_default=None,
        allow_none=True,
        metadata=_said("哪一种时限；不填为没有另行设定的各种时限，进度提示和提醒必填"),
    )
    ticket_class = Choice(
        TicketClass,
        load_default=None,
        allow_none=True,
        metadata=_said("哪一分级；不填为没有另行设定的各分级"),
    )
    recipients = Listed(
        Part(RecipientBody),
        1,
        12,
        required=True,
        metadata=_said("谁知道，怎样知道；一人属于几个对象的，按在前的一个"),
    )
    effective_from = Day(required=True, metadata=_said("自何日起提交的诉求适用，最早为明天"))
    reason = Text(5, 500, required=True, metadata=_said("依据和理由，记入审计"))

    @post_load
    def _as_new(self, loaded: dict[str, Any], **_: Any) -> NewRecipients:
        key = Key(*(loaded.pop(name) for name in ("rung", "clock", "ticket_class")))
        recipients = tuple(loaded.pop("recipients"))
        return NewRecipients(key, recipients, **loaded)


class RecipientItem(Answer):
    """一个提醒对象."""

    audience = Choice(Audience, metadata=_said("对象"))
    channel = Choice(Channel, metadata=_said(_CHANNELS))


class RecipientsItem(Answer):
    """一级提醒的对象."""

    id = fields.Integer(metadata=_said("编号"))
    rung = Choice(Rung, metadata=_said("哪一级"))
    rung_label = fields.String(metadata=_said("这一级的名称"))
    clock = Choice(ClockKind, allow_none=True, metadata=_said("哪一种时限；空为各种"))
    ticket_class = Choice(TicketClass, allow_none=True, metadata=_said("哪一分级；空为各分级"))
    recipients = fields.List(
        fields.Nested(RecipientItem), metadata=_said("谁知道，怎样知道；在前的优先")
    )
    effective_from = fields.Date(metadata=_said("自何日起提交的诉求适用"))
    is_in_force = fields.Boolean(metadata=_said("今天是否有效"))


RecipientsPage = page_schema(RecipientsItem, "一页提醒对象")
