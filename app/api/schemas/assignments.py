"""子工单的字段."""

from marshmallow import fields

from app.api.paging import page_schema
from app.api.schemas.fields import NUMBER, Answer, Choice
from app.domain.vocabulary import AssignmentState, Status, UnitRole


class AssignmentTicket(Answer):
    """子工单所属的诉求."""

    number = fields.String(metadata={"description": "编号", "pattern": NUMBER})
    title = fields.String(metadata={"description": "标题"})
    status = Choice(Status, metadata={"description": "状态"})
    version = fields.Integer(metadata={"description": "版本，用于 If-Match"})


class AssignmentEntry(Answer):
    """列表中的子工单."""

    id = fields.Integer(metadata={"description": "子工单编号"})
    organisation_id = fields.Integer(metadata={"description": "单位"})
    organisation_name = fields.String(metadata={"description": "单位名称"})
    role = Choice(UnitRole, metadata={"description": "主办或协办"})
    role_label = fields.String(metadata={"description": "主办或协办"})
    state = Choice(AssignmentState, metadata={"description": "状态"})
    state_label = fields.String(metadata={"description": "状态名称"})
    round = fields.Integer(metadata={"description": "轮次"})
    instruction = fields.String(allow_none=True, metadata={"description": "派单意见"})
    dispatched_at = fields.AwareDateTime(metadata={"description": "派单时间"})
    signed_at = fields.AwareDateTime(allow_none=True, metadata={"description": "签收时间"})
    due_at = fields.AwareDateTime(allow_none=True, metadata={"description": "本单位的到期时间"})
    is_provisional = fields.Boolean(
        metadata={"description": "到期时间算到了放假安排尚未公布的年份，公布后可能调整"}
    )
    ticket = fields.Nested(AssignmentTicket, metadata={"description": "所属诉求"})


AssignmentPage = page_schema(AssignmentEntry, "一页子工单")
