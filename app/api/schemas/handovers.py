"""交接的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.directory import PAIRING_ROLES
from app.api.schemas.fields import Answer, Choice, Listed, Strict, Text, Word, identifier
from app.domain.handover import HandoverReason, HandoverState
from app.domain.vocabulary import Status


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class HandoverQuery(PageQuery):
    """交接的筛选."""

    state = Choice(HandoverState, load_default=None, metadata=_said("状态"))


class HandoverBody(Strict):
    """发起交接."""

    reason = Choice(
        HandoverReason,
        required=True,
        metadata=_said("leave 请假，transfer 调动，retirement 退休，request 申请"),
    )
    receiver_id = identifier(required=True, metadata=_said("接收的管家"))
    enterprise_ids = Listed(
        identifier(), 1, 500, load_default=None, metadata=_said("移交的企业；不带则为全部")
    )
    note = Text(1, 500, load_default=None, metadata=_said("给接收人的说明"))


class HandoverEnterprise(Answer):
    """移交的一家企业."""

    id = fields.Integer(metadata=_said("企业编号"))
    name = fields.String(metadata=_said("企业名称"))
    role = Word(PAIRING_ROLES, metadata=_said("lead 管家，deputy 副管家"))


class HandoverTicket(Answer):
    """随交接移交的一件诉求，发起时的情况."""

    number = fields.String(metadata=_said("诉求编号"))
    status = Choice(Status, metadata=_said("状态"))
    due_at = fields.AwareDateTime(allow_none=True, metadata=_said("到期时间，交接不停止计时"))
    promised_days = fields.Integer(allow_none=True, metadata=_said("已向企业承诺的工作日数"))


class HandoverChecklist(Answer):
    """交接清单."""

    enterprises = fields.List(fields.Nested(HandoverEnterprise), metadata=_said("企业"))
    tickets = fields.List(fields.Nested(HandoverTicket), metadata=_said("未办结的诉求"))


class HandoverDetail(Answer):
    """交接."""

    id = fields.Integer(metadata=_said("交接编号"))
    housekeeper_id = fields.Integer(metadata=_said("移交的管家"))
    housekeeper_name = fields.String(metadata=_said("移交人姓名"))
    receiver_id = fields.Integer(metadata=_said("接收的管家"))
    receiver_name = fields.String(metadata=_said("接收人姓名"))
    reason = Choice(HandoverReason, metadata=_said("原因"))
    state = Choice(HandoverState, metadata=_said("open 待签收，signed 已签收，cancelled 已取消"))
    note = fields.String(allow_none=True, metadata=_said("给接收人的说明"))
    opened_at = fields.AwareDateTime(metadata=_said("发起时间"))
    due_at = fields.AwareDateTime(metadata=_said("签收期限，发起时按流转规则确定"))
    settled_at = fields.AwareDateTime(allow_none=True, metadata=_said("签收或取消的时间"))
    checklist = fields.Nested(HandoverChecklist, metadata=_said("清单"))
    is_overdue = fields.Boolean(metadata=_said("是否逾期未签收"))


HandoverDetailPage = page_schema(HandoverDetail, "新的在前")
