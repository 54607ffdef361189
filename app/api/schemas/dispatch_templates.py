"""派单模板的字段."""

from marshmallow import fields

from app.api.paging import page_schema
from app.api.schemas.fields import Answer, Flag, Strict, Text

SILENCE = "协办单位逾期未反馈意见是否视为同意；派单时告知各单位"


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class TemplateChanges(Strict):
    """对派单模板的更改：不带的字段不变."""

    name = Text(2, 60, metadata=_said("名称"))
    instruction = Text(2, 500, metadata=_said("派单意见"))
    silence_is_consent = Flag(metadata=_said(SILENCE))
    is_active = Flag(metadata=_said("是否可选用"))


class TemplateBody(TemplateChanges):
    """新的派单模板."""

    code = Text(2, 40, pattern=r"[a-z0-9_]{2,40}", required=True, metadata=_said("代码"))
    name = Text(2, 60, required=True, metadata=_said("名称"))
    instruction = Text(2, 500, required=True, metadata=_said("派单意见"))


class DispatchTemplateItem(Answer):
    """派单模板."""

    id = fields.Integer(metadata=_said("模板编号"))
    code = fields.String(metadata=_said("代码，派单时填写"))
    name = fields.String(metadata=_said("名称"))
    instruction = fields.String(metadata=_said("派单意见"))
    silence_is_consent = fields.Boolean(metadata=_said(SILENCE))
    is_active = fields.Boolean(metadata=_said("是否可选用"))


DispatchTemplatePage = page_schema(DispatchTemplateItem, "按代码排列")
