"""登记冲突的字段."""

from enum import StrEnum

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Choice, Strict, Text
from services.imports.settlements import Decision


class ConflictState(StrEnum):
    """登记冲突的状态."""

    OPEN = "open"
    KEPT = "kept"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class ConflictQuery(PageQuery):
    """登记冲突的筛选."""

    state = Choice(ConflictState, load_default=None, metadata={"description": "只看这种状态"})


class SettlementBody(Strict):
    """对登记冲突的裁定."""

    decision = Choice(
        Decision, required=True, metadata={"description": "保留已登记的，或以新报送的取代"}
    )
    reason = Text(2, 500, required=True, metadata={"description": "理由"})


class RegisterConflict(Answer):
    """登记冲突."""

    id = fields.Integer(metadata={"description": "编号"})
    batch_id = fields.Integer(metadata={"description": "由哪个导入批次提出"})
    row = fields.Integer(metadata={"description": "在其工作表中的行号"})
    state = Choice(ConflictState, metadata={"description": "待裁定、保留、取代、随批次撤回"})
    enterprise_id = fields.Integer(metadata={"description": "企业编号"})
    enterprise_name = fields.String(metadata={"description": "企业名称"})
    uscc = fields.String(allow_none=True, metadata={"description": "统一社会信用代码"})
    reported_by = fields.String(metadata={"description": "现在的报送单位"})
    claimed_by = fields.String(metadata={"description": "提出的报送单位"})
    created_at = fields.AwareDateTime(metadata={"description": "提出的时间"})
    reason = fields.String(allow_none=True, metadata={"description": "裁定的理由"})
    settled_at = fields.AwareDateTime(allow_none=True, metadata={"description": "裁定的时间"})


RegisterConflictPage = page_schema(RegisterConflict, "登记冲突，新的在前")
