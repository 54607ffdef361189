"""督办的字段: 黄牌红牌、督办单、提醒函、通报条目."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import (
    NUMBER,
    Answer,
    Choice,
    Day,
    Flag,
    Listed,
    Number,
    Strict,
    Text,
    identifier,
)
from app.domain.sla_clock import ClockKind, Rung
from app.domain.supervision_flow import CardState, Deed, LetterState, OrderState

_TICKET = NUMBER.removeprefix("^").removesuffix("$")


def _said(text: str) -> dict[str, str]:
    return {"description": text}


def _instant(text: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(allow_none=True, metadata=_said(text))


def _words(text: str) -> fields.String:
    return fields.String(allow_none=True, metadata=_said(text))


class CardQuery(PageQuery):
    """黄牌、红牌的筛选."""

    state = Choice(CardState, load_default=None, metadata=_said("状态"))
    rung = Choice(Rung, load_default=None, metadata=_said("yellow 黄牌，red 红牌"))
    ticket_number = Text(1, 30, pattern=_TICKET, load_default=None, metadata=_said("诉求编号"))


class CardExplanation(Strict):
    """说明亮牌原因."""

    cause = Text(5, 500, required=True, metadata=_said("临期或超期的原因"))


class CardAppeal(Strict):
    """申诉."""

    grounds = Text(5, 500, required=True, metadata=_said("申诉的理由"))


class CardRuling(Strict):
    """裁定申诉."""

    is_void = Flag(required=True, metadata=_said("true 作废，false 维持"))
    note = Text(2, 500, required=True, metadata=_said("裁定的理由"))


class CardItem(Answer):
    """黄牌、红牌."""

    id = fields.Integer(metadata=_said("牌的编号"))
    ticket_number = fields.String(metadata=_said("诉求编号"))
    round = fields.Integer(metadata=_said("第几轮"))
    clock = Choice(ClockKind, metadata=_said("哪一个时限"))
    clock_label = fields.String(metadata=_said("时限的中文名"))
    organisation_id = fields.Integer(allow_none=True, metadata=_said("单位；没有派单的时限为 null"))
    organisation_name = _words("单位名称")
    rung = Choice(Rung, metadata=_said("yellow 黄牌，red 红牌"))
    rung_label = fields.String(metadata=_said("黄牌或红牌"))
    state = Choice(
        CardState, metadata=_said("standing 有效，appealed 申诉中，upheld 维持，void 作废")
    )
    state_label = fields.String(metadata=_said("状态的中文名"))
    issued_at = fields.AwareDateTime(metadata=_said("亮牌时间"))
    due_at = fields.AwareDateTime(metadata=_said("亮牌时的到期时间"))
    cause = _words("单位说明的原因")
    explained_at = _instant("说明时间")
    grounds = _words("申诉理由")
    appealed_at = _instant("申诉时间")
    ruling = _words("裁定，或自动作废的原因")
    ruled_at = _instant("裁定时间")


CardItemPage = page_schema(CardItem, "新的在前")


class OrderQuery(PageQuery):
    """督办单的筛选."""

    state = Choice(OrderState, load_default=None, metadata=_said("状态"))


class OrderProposal(Strict):
    """提出督办."""

    ticket_number = Text(1, 30, pattern=_TICKET, required=True, metadata=_said("诉求编号"))
    organisation_id = identifier(required=True, metadata=_said("被督办的单位"))
    grounds = Text(5, 500, required=True, metadata=_said("督办的事由"))


class OrderIssue(Strict):
    """签发."""

    requirement = Text(5, 1000, required=True, metadata=_said("督办要求"))
    working_days = Number(
        1, 60, load_default=None, metadata=_said("几个工作日内回复；不带则按督办规则")
    )


class OrderReply(Strict):
    """单位回复."""

    note = Text(5, 2000, required=True, metadata=_said("办理情况"))


class OrderReturn(Strict):
    """申请退回."""

    note = Text(5, 500, required=True, metadata=_said("退回的理由"))


class OrderRuling(Strict):
    """裁定退回，审核回复."""

    approved = Flag(required=True, metadata=_said("是否同意"))
    note = Text(2, 500, required=True, metadata=_said("意见"))


class PaperClosure(Strict):
    """关闭."""

    note = Text(2, 500, required=True, metadata=_said("关闭的原因"))


class OrderItem(Answer):
    """督办单."""

    id = fields.Integer(metadata=_said("督办单编号"))
    ticket_number = fields.String(metadata=_said("诉求编号"))
    round = fields.Integer(metadata=_said("第几轮"))
    clock = Choice(ClockKind, allow_none=True, metadata=_said("超期的时限；由人提出的为 null"))
    organisation_id = fields.Integer(metadata=_said("单位"))
    organisation_name = fields.String(metadata=_said("单位名称"))
    grounds = fields.String(metadata=_said("事由"))
    proposed_at = fields.AwareDateTime(metadata=_said("提出时间"))
    state = Choice(
        OrderState,
        metadata=_said(
            "submitted 待签发，issued 已签发，return_asked 申请退回，"
            "awaiting_review 待审核，done 已完成，closed 已关闭"
        ),
    )
    state_label = fields.String(metadata=_said("状态的中文名"))
    requirement = _words("督办要求")
    issued_at = _instant("签发时间")
    due_at = _instant("回复期限")
    closed_at = _instant("关闭时间")
    late_rung = Choice(Rung, allow_none=True, metadata=_said("超期已升到阶梯的哪一级"))
    late_rung_label = _words("该级的中文名")


class OrderEvent(Answer):
    """督办单的一步."""

    deed = Choice(Deed, metadata=_said("做了什么"))
    deed_label = fields.String(metadata=_said("中文名"))
    state = Choice(OrderState, metadata=_said("此后的状态"))
    actor_name = fields.String(metadata=_said("经手人"))
    note = _words("意见")
    at = fields.AwareDateTime(metadata=_said("时间"))


class OrderContact(Answer):
    """单位的联系人."""

    name = fields.String(metadata=_said("姓名"))
    phone = _words("电话，已脱敏")


class OrderDetail(OrderItem):
    """督办单及其经过."""

    history = fields.List(fields.Nested(OrderEvent), metadata=_said("经过，先后为序"))
    unit_head = fields.Nested(OrderContact, allow_none=True, metadata=_said("单位负责人"))
    deputy_leader = fields.Nested(
        OrderContact, allow_none=True, metadata=_said("分管领导；提级后才显示")
    )


OrderItemPage = page_schema(OrderItem, "新的在前")


class LetterQuery(PageQuery):
    """提醒函的筛选."""

    state = Choice(LetterState, load_default=None, metadata=_said("状态"))


class LetterBody(Strict):
    """起草提醒函."""

    organisation_id = identifier(required=True, metadata=_said("收函单位"))
    ticket_numbers = Listed(
        Text(1, 30, pattern=_TICKET), 1, 20, required=True, metadata=_said("涉及的诉求")
    )
    facts = Text(5, 2000, required=True, metadata=_said("事实"))


class LetterSending(Strict):
    """发出提醒函."""

    basis = Text(5, 500, required=True, metadata=_said("依据"))
    demand = Text(5, 1000, required=True, metadata=_said("要求采取的措施"))
    contact = Text(2, 100, required=True, metadata=_said("联系人和办公电话"))
    facts = Text(5, 2000, load_default=None, metadata=_said("修改后的事实；不带则不改"))
    reply_by = Day(load_default=None, metadata=_said("回复期限；不带则按督办规则"))


class LetterReply(Strict):
    """单位回复提醒函."""

    reply = Text(5, 2000, required=True, metadata=_said("整改情况"))


class LetterItem(Answer):
    """提醒函."""

    id = fields.Integer(metadata=_said("提醒函编号"))
    title = _words("文号，如〔2026〕第 3 号；未发出为 null")
    year = fields.Integer(allow_none=True, metadata=_said("文号的年份"))
    number = fields.Integer(allow_none=True, metadata=_said("本年第几号"))
    organisation_id = fields.Integer(metadata=_said("收函单位"))
    organisation_name = fields.String(metadata=_said("单位名称"))
    state = Choice(
        LetterState,
        metadata=_said("suggested 建议发出，sent 已发出，replied 已回复，closed 已办结"),
    )
    state_label = fields.String(metadata=_said("状态的中文名"))
    ticket_numbers = fields.List(fields.String(), metadata=_said("涉及的诉求"))
    facts = fields.String(metadata=_said("事实"))
    suggested_at = fields.AwareDateTime(metadata=_said("起草或建议的时间"))
    basis = _words("依据")
    demand = _words("要求采取的措施")
    contact = _words("联系人和办公电话")
    reply_by = fields.Date(allow_none=True, metadata=_said("回复期限"))
    sent_at = _instant("发出时间")
    reply = _words("单位的回复")
    replied_at = _instant("回复时间")
    closed_at = _instant("办结时间")
    closing_note = _words("办结意见")


LetterItemPage = page_schema(LetterItem, "新的在前")


class BulletinEntryItem(Answer):
    """通报条目."""

    id = fields.Integer(metadata=_said("条目编号"))
    ticket_number = fields.String(metadata=_said("诉求编号"))
    round = fields.Integer(metadata=_said("第几轮"))
    clock = Choice(ClockKind, metadata=_said("哪一个时限"))
    clock_label = fields.String(metadata=_said("时限的中文名"))
    organisation_id = fields.Integer(metadata=_said("单位"))
    organisation_name = fields.String(metadata=_said("单位名称"))
    due_at = fields.AwareDateTime(metadata=_said("到期时间"))
    listed_at = fields.AwareDateTime(metadata=_said("列入时间"))
    letter_id = fields.Integer(allow_none=True, metadata=_said("由此建议的提醒函"))


BulletinEntryPage = page_schema(BulletinEntryItem, "新的在前")
